import type { SilencedPeople } from '../../core/contract/moderation.ts'
import { type Command, dataOption, EXIT, jsonOption } from '../command.ts'
import { printable, printJson, printLine } from '../output.ts'
import { withNode } from '../with-node.ts'

type Silencing = 'mute' | 'unmute' | 'block' | 'unblock'

const SAYS = { mute: 'muted', unmute: 'not muted', block: 'blocked', unblock: 'not blocked' } as const

function silencing(name: Silencing, help: string): Command {
  return {
    usage: `${name} PROFILE|LINK [--data DIR] [--json]`,
    help,
    options: { data: dataOption, json: jsonOption },
    positionals: ['PROFILE'],
    run: ({ values, positionals }) =>
      withNode(values, async (client) => {
        const profile = positionals[0] as string
        const answer = await client.moderation[name]({ profile })
        await (values.json === true ? printJson(answer) : printLine(`${SAYS[name]} ${profile}`))
        return EXIT.done
      }),
  }
}

export const muteCommand = silencing(
  'mute',
  `Hides a person from home, threads, tags, lists, search, notifications and counts, on all devices of the account. Nobody
else learns of it.`,
)

export const unmuteCommand = silencing('unmute', 'Shows a person again who was muted.')

export const blockCommand = silencing(
  'block',
  `Hides a person as \`mute\` does, and says in public that the account wants nothing to do with them: their program hides
the account from them in turn. What is held of them stays on this disk.`,
)

export const unblockCommand = silencing('unblock', 'Takes a block back, in public.')

export const mutedCommand: Command = {
  usage: 'muted [--data DIR] [--json]',
  help: 'Whom the account has muted and blocked, the last one first.',
  options: { data: dataOption, json: jsonOption },
  positionals: [],
  run: ({ values }) =>
    withNode(values, async (client) => {
      const people = await client.moderation.list()
      if (values.json === true) await printJson(people)
      else for (const line of silencedLines(people)) await printLine(line)
      return EXIT.done
    }),
}

/** Who is muted, then who is blocked, a line each, for a terminal. */
export function silencedLines({ muted, blocked }: SilencedPeople): string[] {
  const lines = [
    ...muted.map(({ profile, name }) => `muted ${profile} ${name}`),
    ...blocked.map(({ profile, name }) => `blocked ${profile} ${name}`),
  ]
  return lines.map((line) => printable(line.trimEnd()))
}
