import type { RecoveryStatus } from '../core/contract/accounts.ts'
import type { LocalConnection } from '../core/node/local-client.ts'
import { PalabreError } from '../core/util/errors.ts'
import { EXIT } from './command.ts'
import { printable, printJson, printLine } from './output.ts'

type Client = LocalConnection['client']

const FAILURES: Readonly<Record<string, string>> = {
  'wrong-words': 'that is neither 24 words of the list nor a paper key: look for a slip in what was typed',
  'not-an-authority':
    'the account was found, and this opens it no more: newer words or another paper key took its place. Try those',
  contested:
    'the account was found, and two sides with equal rights disagree about it: only its paper key settles that',
  'account-exists': 'there is an account here already: one data directory is one account',
  cancelled: 'it was called off; nothing was changed',
}

/**
 * Begins recovering and follows it to its end, saying what changes. Ctrl-C ends the search; what has begun to come back
 * goes on coming without this command.
 *
 * @returns the exit code @throws PalabreError with the failure as its code
 */
export async function runRecovery(
  client: Client,
  begin: () => Promise<RecoveryStatus>,
  { isJson }: { readonly isJson: boolean },
): Promise<number> {
  const events = await client.events.subscribe()
  let isLeaving = false
  const leave = () => {
    isLeaving = true
    client.recovery.cancel().catch(() => {})
  }
  process.once('SIGINT', leave).once('SIGTERM', leave)
  let said = ''
  try {
    for (let status = await begin(); ; status = await nextStatus(client, events)) {
      if (status.step === 'failed') throw failureOf(status)
      const text = isJson ? JSON.stringify(status) : lineOf(status)
      if (text !== said) await (isJson ? printJson(status) : printLine(printable(text)))
      said = text
      if (status.step === 'done') return await sayWhatIsLeft(status, isJson)
      if (isLeaving && status.step === 'restoring') return EXIT.done
    }
  } finally {
    process.off('SIGINT', leave).off('SIGTERM', leave)
    await events.return?.()
  }
}

async function nextStatus(client: Client, events: AsyncIterator<{ type: string }>): Promise<RecoveryStatus> {
  for (;;) {
    const { done, value } = await events.next()
    if (done) throw new PalabreError('disconnected', 'the node went away')
    if (['recovery', 'account', 'media', 'subscribed'].includes(value.type)) return await client.recovery.status()
  }
}

function lineOf({ step, asked, name, follows, records, media }: RecoveryStatus): string {
  switch (step) {
    case 'looking':
      if (asked === 0) return 'Looking for the account. No peer can be asked yet.'
      return `Looking for the account. ${asked} asked, nobody knows it yet.`
    case 'restoring':
    case 'done':
      return [
        name === null ? 'The account is here' : `${name} is here`,
        `${records.held} of ${records.known} records`,
        `${media.held} of ${media.known} pictures`,
        `follows ${follows}`,
      ].join(' · ')
    default:
      return ''
  }
}

async function sayWhatIsLeft({ by }: RecoveryStatus, isJson: boolean): Promise<number> {
  if (isJson) return EXIT.done
  await printLine('All that is known of is back. Records that only the lost computer had are not.')
  if (by === 'paper') {
    await printLine('The paper key is used up, and the old words open nothing any more: the window shows the new ones.')
  }
  await printLine('If the lost computer may be in other hands, take its right to write away: see devices.revoke.')
  return EXIT.done
}

function failureOf({ failure }: RecoveryStatus): PalabreError {
  const code = failure ?? 'internal'
  return new PalabreError(code, FAILURES[code] ?? `it did not work (${code}); the log of the node has the cause`)
}
