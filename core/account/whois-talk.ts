/**
 * Both sides of one whois stream over frames, whatever carries them (RCV4 … RCV7): a question, the chains that answer
 * it, the end. The asking side believes nothing: a chain that doesn't name what was asked for ends the stream, and so
 * does more than an answer may hold, before anything of it reaches the store.
 */
import { sha256 } from '../identity/hash.ts'
import { checkOperation, type IdentityOperation } from '../identity/operation.ts'
import type { FrameDuplex } from '../net/framed-stream.ts'
import type { AuthorityIndex, LogReader } from '../store/log-reader.ts'
import { equalBytes } from '../util/bytes.ts'
import { WhoisError } from './whois-error.ts'
import { decodeWhoisFrame, encodeWhoisFrame, type WhoisFrame, type WhoisQuestion } from './whois-frames.ts'
import {
  MAX_ANSWER_BYTES,
  MAX_ANSWER_CHAINS,
  MAX_ANSWER_OPERATIONS,
  WHOIS_FILL_BYTES,
  WHOIS_VERSION,
} from './whois-limits.ts'

/** Bytes of the CBOR head of one operation. */
const ITEM_BYTES = 3

/** Signatures are judged at the door. */
const UNJUDGED = { verify: () => null }

/** A chain as it came: of one address, and naming what was asked for. */
export interface ToldChain {
  readonly address: Uint8Array
  /** Wire bytes, as they were sent. */
  readonly operations: readonly Uint8Array[]
}

export interface ToldAnswer {
  readonly chains: readonly ToldChain[]
  /** False: the other side left something out because of a limit. */
  readonly isComplete: boolean
}

export type ChainIndex = AuthorityIndex & Pick<LogReader, 'findAuthorOfDevice' | 'listOperations'>

/** What is held here for a question, within the limits of an answer. @throws what the store throws */
export async function findAnswer(index: ChainIndex, question: WhoisQuestion): Promise<ToldAnswer> {
  const addresses = await addressesOf(index, question)
  const told = await index.listOperations(addresses.slice(0, MAX_ANSWER_CHAINS))
  let isComplete = addresses.length <= MAX_ANSWER_CHAINS
  let operations = 0
  let bytes = 0
  const chains: ToldChain[] = []
  for (const chain of told) {
    const fitting: Uint8Array[] = []
    for (const operation of chain.operations) {
      operations++
      bytes += operation.length
      if (operations > MAX_ANSWER_OPERATIONS || bytes > MAX_ANSWER_BYTES) isComplete = false
      else fitting.push(operation)
    }
    if (fitting.length > 0) chains.push({ address: chain.author, operations: fitting })
  }
  return { chains, isComplete }
}

async function addressesOf(index: ChainIndex, question: WhoisQuestion): Promise<readonly Uint8Array[]> {
  if (question.by === 'authority') {
    return index.findAuthorsByAuthority(question.keyHash, question.addressStart, MAX_ANSWER_CHAINS + 1)
  }
  const author = await index.findAuthorOfDevice(question.key)
  return [author ?? question.key]
}

/** Reads the question of the side that opened the stream. @throws WhoisError */
export async function readQuestion(
  duplex: FrameDuplex,
  init: { readonly network: string; readonly signal: AbortSignal },
): Promise<WhoisQuestion> {
  const frame = await readFrame(duplex, init.signal)
  if (frame.type !== 'ask') throw new WhoisError('unexpected-frame', `a ${frame.type} frame came before the question`)
  if (frame.version !== WHOIS_VERSION) {
    throw new WhoisError('wrong-version', `version ${frame.version} is unknown here`)
  }
  if (frame.network !== init.network) {
    throw new WhoisError('wrong-network', 'the other side belongs to another network')
  }
  return frame.question
}

/** Sends an answer and ends this half. */
export async function sendAnswer(duplex: FrameDuplex, answer: ToldAnswer, signal: AbortSignal): Promise<void> {
  const send = (frame: WhoisFrame) => duplex.writeFrame(encodeWhoisFrame(frame), { signal })
  for (const { address, operations } of answer.chains) {
    let part: Uint8Array[] = []
    let size = 0
    for (const operation of operations) {
      if (part.length > 0 && size + operation.length + ITEM_BYTES > WHOIS_FILL_BYTES) {
        await send({ type: 'chain', address, operations: part })
        part = []
        size = 0
      }
      part.push(operation)
      size += operation.length + ITEM_BYTES
    }
    await send({ type: 'chain', address, operations: part })
  }
  await send({ type: 'end', isComplete: answer.isComplete })
  await duplex.close({ signal })
}

/** Asks and takes the whole answer. @throws WhoisError */
export async function askQuestion(
  duplex: FrameDuplex,
  init: { readonly question: WhoisQuestion; readonly network: string; readonly signal: AbortSignal },
): Promise<ToldAnswer> {
  const { question, network, signal } = init
  const ask: WhoisFrame = { type: 'ask', version: WHOIS_VERSION, network, question, extensions: {} }
  await duplex.writeFrame(encodeWhoisFrame(ask), { signal })
  const taken: { address: Uint8Array; operations: Uint8Array[] }[] = []
  let operations = 0
  let bytes = 0
  for (;;) {
    const frame = await readFrame(duplex, signal)
    if (frame.type === 'ask') throw new WhoisError('unexpected-frame', 'a question came as an answer')
    if (frame.type === 'error') {
      throw new WhoisError(frame.code, `the other side does not answer: ${frame.code}`, { isRemote: true })
    }
    if (frame.type === 'end') {
      for (const chain of taken) checkRelated(chain, question)
      await duplex.close({ signal })
      return { chains: taken, isComplete: frame.isComplete }
    }
    operations += frame.operations.length
    bytes += frame.operations.reduce((sum, operation) => sum + operation.length, 0)
    const last = taken.at(-1)
    if (last !== undefined && equalBytes(last.address, frame.address)) last.operations.push(...frame.operations)
    else taken.push({ address: frame.address, operations: [...frame.operations] })
    if (taken.length > MAX_ANSWER_CHAINS || operations > MAX_ANSWER_OPERATIONS || bytes > MAX_ANSWER_BYTES) {
      throw new WhoisError('budget', 'more came than an answer may hold')
    }
  }
}

async function readFrame(duplex: FrameDuplex, signal: AbortSignal): Promise<WhoisFrame> {
  const bytes = await duplex.readFrame({ signal }).catch((error: unknown) => {
    signal.throwIfAborted()
    throw new WhoisError('truncated', `the stream broke: ${String(error)}`, { cause: error })
  })
  if (bytes === null) throw new WhoisError('truncated', 'the other side ended before it was done')
  return decodeWhoisFrame(bytes)
}

/** Every operation is of the address, and the chain names what was asked for. @throws WhoisError */
function checkRelated({ address, operations }: ToldChain, question: WhoisQuestion): void {
  const read = operations.map((bytes) => {
    const { operation } = checkOperation(bytes, UNJUDGED)
    if (operation === null) throw new WhoisError('invalid-operation', 'what came as an operation is none')
    return operation
  })
  if (!read.every((operation) => equalBytes(operation.address, address))) {
    throw new WhoisError('unrelated', 'operations of several addresses came as one chain')
  }
  const isRelated =
    question.by === 'key'
      ? equalBytes(address, question.key) || read.some((operation) => listsDevice(operation, question.key))
      : question.addressStart.every((byte, i) => byte === address[i]) &&
        read.some((operation) => namesAuthority(operation, question.keyHash))
  if (!isRelated) throw new WhoisError('unrelated', 'a chain came that does not name what was asked for')
}

function listsDevice({ devices }: IdentityOperation, key: Uint8Array): boolean {
  return devices.some((device) => equalBytes(device.key, key))
}

function namesAuthority({ slots, paperHash }: IdentityOperation, keyHash: Uint8Array): boolean {
  if (paperHash !== null && equalBytes(paperHash, keyHash)) return true
  return slots.some(({ keys }) => keys.some(({ key }) => equalBytes(sha256(key), keyHash)))
}
