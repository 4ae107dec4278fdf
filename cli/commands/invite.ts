import { writeFile } from 'node:fs/promises'
import type { MadeInvitation } from '../../core/contract/invitations.ts'
import type { Follow } from '../../core/contract/views.ts'
import type { LocalConnection } from '../../core/node/local-client.ts'
import { MAX_INVITATION_PEOPLE } from '../../core/record/invitation.ts'
import { BadRequestError } from '../../core/util/errors.ts'
import { type Command, dataOption, EXIT, jsonOption, textOf, textsOf } from '../command.ts'
import { printJson, printLine, warnLine } from '../output.ts'
import { withNode } from '../with-node.ts'

export const inviteCommand: Command = {
  usage: 'invite [--people PROFILE|all]… [--seed ADDR]… [--out FILE] [--data DIR] [--json]',
  help: `Makes an invitation: a link with this account, seeds to begin with and people to follow, for somebody who has Palabre
and knows nobody yet. --people are those whom this account follows and suggests, at most ${MAX_INVITATION_PEOPLE}; without it only
this account is. Whoever opens it sees all of it first and chooses. There is nothing secret in it, and anybody may use it.`,
  options: {
    people: {
      type: 'string',
      multiple: true,
      value: 'PROFILE',
      help: 'suggest this person; all: everybody who is followed',
    },
    seed: {
      type: 'string',
      multiple: true,
      value: 'ADDR',
      help: 'name this seed, of those that are known (default: up to three)',
    },
    out: { type: 'string', value: 'FILE', help: 'write the invitation with everybody in it to a new file' },
    data: dataOption,
    json: jsonOption,
  },
  positionals: [],
  async run({ values }) {
    const seeds = textsOf(values, 'seed')
    const out = textOf(values, 'out')
    return withNode(values, async (client) => {
      const people = await peopleOf(client, textsOf(values, 'people'))
      const made = await client.invitations.make(seeds.length === 0 ? { people } : { people, seeds })
      if (out !== undefined) await writeNew(out, made.file.text)
      if (values.json === true) await printJson(made)
      else await say(made, out)
      return EXIT.done
    })
  },
}

async function peopleOf(client: LocalConnection['client'], asked: readonly string[]): Promise<string[]> {
  if (!asked.includes('all')) return [...asked]
  return suggestAll((await client.follows.list()).items)
}

/** Everybody who is followed. @throws BadRequestError where an invitation has no room for all of them */
export function suggestAll(follows: readonly Follow[]): string[] {
  const people = follows.filter(({ state }) => state === 'following').map(({ profile }) => profile)
  if (people.length > MAX_INVITATION_PEOPLE) {
    throw new BadRequestError(
      `${people.length} people are followed, and an invitation names at most ${MAX_INVITATION_PEOPLE}: choose with --people PROFILE`,
    )
  }
  return people
}

/** @throws BadRequestError, also for a file that is there already */
async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' })
  } catch (cause) {
    throw new BadRequestError(`${path} can't be written: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
}

/** The link on stdout and nothing else; what there is to know on stderr. */
async function say({ link, linkPeople, people, seeds }: MadeInvitation, out: string | undefined): Promise<void> {
  if (out === undefined) await printLine(link)
  else warnLine(`${out}: ${seeds.length} seeds, people besides you: ${people}`)
  if (seeds.length === 0) warnLine('It names no seed: whoever gets it finds nobody before they reach one.')
  if (out === undefined && linkPeople < people) {
    warnLine(`The link has room for ${linkPeople} of the ${people} people: --out FILE names all of them.`)
  }
}
