import type { LinkStatus } from '../core/contract/accounts.ts'
import type { LocalConnection } from '../core/node/local-client.ts'
import { PalabreError } from '../core/util/errors.ts'
import { askYesNo } from './ask.ts'
import { type CommandOption, EXIT, UsageError } from './command.ts'
import { printable, printJson, printLine } from './output.ts'
import { canAsk } from './passphrase.ts'

type Client = LocalConnection['client']

export const yesOption = {
  type: 'boolean',
  help: 'take the codes for equal without asking: for scripts that hold both devices',
} as const satisfies CommandOption

const FAILURES: Readonly<Record<string, string>> = {
  expired: 'the link has run out: make a new one',
  declined: 'the codes were not the same: nothing was changed',
  cancelled: 'it was called off',
  unreachable: 'the device that showed the link does not answer',
  'bad-link': 'that is no link of `palabre link`',
  'other-network': 'the two devices are on different networks',
  'account-exists': 'there is an account here already: one data directory is one account',
  broken: 'the connection broke: make a new link and try again',
  refused: 'the other device did not take part: make a new link and try again',
  unanswered:
    'the new device was added and did not answer: `palabre devices` lists it; with a new link it may try again',
}

export interface LinkingOptions {
  readonly isJson: boolean
  /** Nobody is asked whether the codes are the same. */
  readonly saysYes: boolean
}

/** @throws UsageError when somebody would have to be asked and nobody can be */
export function expectSomebody({ saysYes }: LinkingOptions): void {
  if (saysYes || canAsk()) return
  throw new UsageError('somebody has to compare the codes: run it on a terminal, or give --yes')
}

/**
 * Begins linking and follows it to its end, saying each step; Ctrl-C calls it off.
 *
 * @returns the exit code @throws PalabreError with the failure as its code
 */
export async function runLinking(
  client: Client,
  begin: () => Promise<LinkStatus>,
  options: LinkingOptions,
): Promise<number> {
  const events = await client.events.subscribe()
  const callOff = () => void client.link.cancel().catch(() => {})
  process.once('SIGINT', callOff).once('SIGTERM', callOff)
  let asking = new AbortController()
  let said = ''
  try {
    for (let status = await begin(); ; status = await nextStatus(client, events)) {
      if (status.step === said) continue
      said = status.step
      // A question that is open has lost its point.
      asking.abort()
      if (status.step === 'failed') throw failureOf(status)
      await saySteps(status, options)
      if (status.step === 'compare') {
        asking = new AbortController()
        answer(client, options, asking.signal)
      }
      if (status.step === 'done') return EXIT.done
    }
  } finally {
    asking.abort()
    process.off('SIGINT', callOff).off('SIGTERM', callOff)
    await events.return?.()
  }
}

async function nextStatus(client: Client, events: AsyncIterator<{ type: string }>): Promise<LinkStatus> {
  for (;;) {
    const { done, value } = await events.next()
    if (done) throw new PalabreError('disconnected', 'the node went away')
    if (value.type === 'link' || value.type === 'subscribed') return await client.link.status()
  }
}

/** The answer comes when it comes; meanwhile the other side may end it. */
function answer(client: Client, { saysYes }: LinkingOptions, signal: AbortSignal): void {
  const asked = saysYes
    ? Promise.resolve(true)
    : askYesNo('Is it the same on both screens? (y/n) ', { input: process.stdin, output: process.stderr, signal })
  asked
    .then(async (matches) => {
      if (!signal.aborted) await client.link.confirm({ matches })
    })
    // Whatever ended it in between is what the status says.
    .catch(() => {})
}

async function saySteps(status: LinkStatus, { isJson }: LinkingOptions): Promise<void> {
  if (isJson) return await printJson(status)
  for (const line of linesOf(status)) await printLine(printable(line))
}

function linesOf({ side, step, link, expiresAt, code, other }: LinkStatus): string[] {
  switch (step) {
    case 'waiting':
      if (side === 'join') return ['Looking for the device that showed the link.']
      return [
        `${link}`,
        `Run \`palabre join LINK\` on the new device, until ${new Date(expiresAt ?? 0).toLocaleTimeString()}.`,
      ]
    case 'compare':
      return [`${other || (side === 'join' ? 'The other device' : 'The new device')} is here. Code: ${code}`]
    case 'confirming':
      return ['Confirmed here. Waiting for the other device.']
    case 'moving':
      return ['Confirmed on both.']
    case 'done':
      return [side === 'join' ? `This device speaks for ${other} now.` : `${other} speaks for this account now.`]
    default:
      return []
  }
}

function failureOf({ failure }: LinkStatus): PalabreError {
  const code = failure ?? 'broken'
  return new PalabreError(code, FAILURES[code] ?? 'it did not work')
}
