/** `palabre join` with an invitation: what it would do, the choice, and how far it gets. */
import { readFile, stat } from 'node:fs/promises'
import type { InvitationView, JoinView } from '../core/contract/invitations.ts'
import { shortPeerId } from '../core/identity/peer-id.ts'
import type { LocalConnection } from '../core/node/local-client.ts'
import { INVITATION_FILE_ENDING, isInvitation, MAX_INVITATION_FILE_BYTES } from '../core/record/invitation.ts'
import { BadRequestError, PalabreError } from '../core/util/errors.ts'
import { askYesNo } from './ask.ts'
import { EXIT, UsageError } from './command.ts'
import { printable, printJson, printLine } from './output.ts'
import { canAsk } from './passphrase.ts'

type Client = LocalConnection['client']
type Invitation = NonNullable<InvitationView['invitation']>

/** Between two looks at how far it is. */
const LOOK_EVERY_MS = 250
/** What isn't reached by then goes on by itself. */
const WATCHED_MS = 60_000

export interface JoiningOptions {
  readonly isJson: boolean
  /** Nobody is asked. */
  readonly saysYes: boolean
  /** Profile addresses of those to follow; empty: everybody whom the invitation names. */
  readonly only: readonly string[]
}

/** The text of an invitation that was given as a link or as a file; undefined for anything else. @throws BadRequestError */
export async function findInvitation(given: string): Promise<string | undefined> {
  if (isInvitation(given)) return given
  if (!given.endsWith(INVITATION_FILE_ENDING)) return undefined
  try {
    const { size } = await stat(given)
    if (size > MAX_INVITATION_FILE_BYTES) {
      throw new BadRequestError(`${given} is ${size} bytes, an invitation has at most ${MAX_INVITATION_FILE_BYTES}`)
    }
    return await readFile(given, 'utf8')
  } catch (cause) {
    if (cause instanceof BadRequestError) throw cause
    throw new BadRequestError(`${given} can't be read`, { cause })
  }
}

/**
 * Shows the invitation, asks, accepts, and watches it for a minute at most.
 *
 * @returns the exit code @throws UsageError where nobody can be asked; PalabreError bad-invitation, unreachable
 */
export async function runJoining(client: Client, text: string, options: JoiningOptions): Promise<number> {
  if (!options.saysYes && !canAsk()) {
    throw new UsageError('somebody has to see what the invitation does: run it on a terminal, or give --yes')
  }
  const { invitation } = await client.invitations.read({ text })
  const people = invitation === null ? [] : chosenOf(invitation, options.only)
  if (invitation !== null && !options.isJson) {
    for (const line of linesOf(invitation, people)) await printLine(printable(line))
  }
  if (invitation !== null && !options.saysYes && !(await ask())) {
    throw new PalabreError('cancelled', 'nothing was changed')
  }
  const seeds = (invitation?.seeds ?? []).filter(({ isUsable }) => isUsable).map(({ address }) => address)
  // One that can't be used is refused here, with the sentence that says why.
  return await watch(client, await client.invitations.accept({ text, seeds, people }), options)
}

function chosenOf({ inviter, people }: Invitation, only: readonly string[]): string[] {
  const named = [inviter, ...people].filter(({ isMe }) => !isMe).map(({ profile }) => profile)
  const stranger = only.find((profile) => !named.includes(profile))
  if (stranger !== undefined) throw new BadRequestError(`the invitation doesn't name ${stranger.slice(0, 80)}`)
  return only.length === 0 ? named : named.filter((profile) => only.includes(profile))
}

function linesOf({ inviter, ts, seeds, people, signer }: Invitation, chosen: readonly string[]): string[] {
  const mark = (profile: string) => (chosen.includes(profile) ? '+' : ' ')
  const person = ({ profile, name }: Invitation['inviter']) => `  ${mark(profile)} ${name || 'no name'} · ${profile}`
  return [
    `${inviter.name || shortPeerId(inviter.profile)} invites you, on ${new Date(ts).toLocaleString()}.`,
    ...(signer === 'former' ? ['The device that signed it has been signed off since.'] : []),
    seeds.length === 0 ? 'No seed to begin with.' : 'Seeds to begin with:',
    ...seeds.map(
      ({ address, isUsable }) => `  ${isUsable ? '+' : ' '} ${address}${isUsable ? '' : ' (leads nowhere)'}`,
    ),
    'People to follow:',
    person(inviter),
    ...people.map(person),
  ]
}

async function ask(): Promise<boolean> {
  const { signal } = new AbortController()
  return await askYesNo('Dial these seeds and follow these people? (y/n) ', {
    input: process.stdin,
    output: process.stderr,
    signal,
  })
}

async function watch(client: Client, first: JoinView, { isJson }: JoiningOptions): Promise<number> {
  const until = Date.now() + WATCHED_MS
  let said = ''
  for (let join = first; ; join = (await client.invitations.status()).join ?? join) {
    const text = isJson ? JSON.stringify(join) : describe(join)
    if (text !== said) await (isJson ? printJson(join) : printLine(printable(text)))
    said = text
    const isReached = join.seeds.some(({ state }) => state === 'connected')
    if (join.isDone || (join.needsAccount && isReached)) return EXIT.done
    if (Date.now() > until)
      return isReached || join.people.some(({ state }) => state === 'following') ? EXIT.done : nobody()
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}

function nobody(): never {
  throw new PalabreError('unreachable', 'nobody answers yet: it goes on by itself while the node runs')
}

function describe({ seeds, people, needsAccount }: JoinView): string {
  const connected = seeds.filter(({ state }) => state === 'connected').length
  const following = people.filter(({ state }) => state === 'following').length
  const parts = [`${connected} of ${seeds.length} seeds connected`, `${following} of ${people.length} people followed`]
  return [...parts, ...(needsAccount ? ['followed as soon as there is an account here'] : [])].join(' · ')
}
