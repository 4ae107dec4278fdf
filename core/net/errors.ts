import { PalabreError } from '../util/errors.ts'

export type NetworkErrorCode =
  /** Not a multiaddr that this node can dial. */
  | 'bad-address'
  /** The network is `local` and the address leaves the machine. */
  | 'not-local'
  /** The address or the peer doesn't answer. */
  | 'unreachable'
  | 'refused'
  /** This node keeps it out itself, for a while. */
  | 'cut'
  | 'unsupported-protocol'
  | 'stream-closed'

/** Something with another peer didn't work; `message` is fit for people. */
export class NetworkError extends PalabreError {
  declare readonly code: NetworkErrorCode

  constructor(code: NetworkErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(code, message, options)
  }
}

/** A short cause for people and status pages, from whatever a dial threw. */
export function describeDialError(error: unknown): string {
  if (error instanceof NetworkError) return error.message
  const errors = error instanceof AggregateError ? error.errors : [error]
  for (const each of errors) {
    const text = `${nameOf(each)} ${messageOf(each)}`
    if (/ECONNREFUSED/.test(text)) return 'nobody listens there (connection refused)'
    if (/EHOSTUNREACH|ENETUNREACH/.test(text)) return 'no route to that address'
    if (/ENOTFOUND|EAI_AGAIN/.test(text)) return 'the name of the host is not known'
    if (/Timeout|timed out|aborted|AbortError/i.test(text)) return 'no answer in time'
    if (/dial self/i.test(text)) return 'that address is this node itself'
    if (/UnexpectedPeer|does not match/i.test(text)) return 'another peer answers at that address'
    if (/ConnectionIntercepted|DialDenied|denied|blocked/i.test(text)) return 'the connection was refused'
    if (/ECONNRESET|EPIPE|closed|reset/i.test(text)) return 'the other side closed the connection'
  }
  const text = messageOf(errors[0])
  return text === '' ? 'the connection failed' : text.slice(0, 200)
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : ''
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error ?? '')
}

/** Why an exchange with a peer ended early, in the words of its protocol: the code goes over the wire. */
export class ProtocolError<Code extends string> extends PalabreError {
  declare readonly code: Code
  /** The other side said so; otherwise this side saw it. */
  readonly isRemote: boolean

  constructor(code: Code, message: string, options: { cause?: unknown; isRemote?: boolean } = {}) {
    super(code, message, options)
    this.isRemote = options.isRemote ?? false
  }
}

/** One of a protocol in which one side asks and the other answers: some of its codes an honest peer never gives cause for. */
export abstract class QuestionError<Code extends string> extends ProtocolError<Code> {
  protected abstract readonly faults: ReadonlySet<Code>

  /** The other side did what an honest one never does. */
  get isFault(): boolean {
    return !this.isRemote && this.faults.has(this.code)
  }
}
