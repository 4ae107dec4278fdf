import { type Command, dataOption, EXIT, jsonOption, numberOf, textOf } from '../command.ts'
import { printJson, printLine } from '../output.ts'
import { formatPost } from '../post-text.ts'
import { withNode } from '../with-node.ts'

const DEFAULT_LIMIT = 20
const MAX_LIMIT = 500

export const timelineCommand: Command = {
  usage: 'timeline [--profile PROFILE] [--limit N] [--data DIR] [--json]',
  help: 'Prints the home timeline, newest first, or the posts of one person. --json prints a post a line.',
  options: {
    profile: { type: 'string', value: 'PROFILE', help: 'posts of this person only' },
    limit: { type: 'string', value: 'N', help: `how many, 1 to ${MAX_LIMIT} (default ${DEFAULT_LIMIT})` },
    data: dataOption,
    json: jsonOption,
  },
  positionals: [],
  async run({ values }) {
    const limit = numberOf(values, 'limit', 1, MAX_LIMIT) ?? DEFAULT_LIMIT
    const profile = textOf(values, 'profile')
    return withNode(values, async (client) => {
      const { items } =
        profile === undefined
          ? await client.timeline.home({ limit })
          : await client.timeline.profile({ profile, limit })
      for (const item of items) await (values.json === true ? printJson(item) : printLine(`${formatPost(item)}\n`))
      return EXIT.done
    })
  },
}
