import {
  type Command,
  dataOption,
  EXIT,
  jsonOption,
  numberOf,
  type OptionValues,
  textOf,
  UsageError,
} from '../command.ts'
import { printJson, printLine } from '../output.ts'
import { formatPost } from '../post-text.ts'
import { withNode } from '../with-node.ts'

const DEFAULT_LIMIT = 20
const MAX_LIMIT = 500
const DAY_MS = 86_400_000

export const searchCommand: Command = {
  usage: 'search [WORDS] [--author WHO] [--since DAY] [--until DAY] [--media] [--limit N] [--data DIR] [--json]',
  help: `Searches the posts that this computer holds, newest first: every word must occur. WHO is a profile, a link, or the name of
somebody who is followed. Days are written 2026-11-29, in UTC, and both count. Without words, everything that the options
leave. --json prints a post a line.`,
  options: {
    author: { type: 'string', value: 'WHO', help: 'posts of this person only' },
    since: { type: 'string', value: 'DAY', help: 'from this day on' },
    until: { type: 'string', value: 'DAY', help: 'up to this day' },
    media: { type: 'boolean', help: 'posts with pictures only' },
    limit: { type: 'string', value: 'N', help: `how many, 1 to ${MAX_LIMIT} (default ${DEFAULT_LIMIT})` },
    data: dataOption,
    json: jsonOption,
  },
  positionals: ['WORDS'],
  optional: 1,
  async run({ values, positionals }) {
    const limit = numberOf(values, 'limit', 1, MAX_LIMIT) ?? DEFAULT_LIMIT
    const until = dayOf(values, 'until')
    const query = {
      query: positionals[0] ?? '',
      author: textOf(values, 'author'),
      since: dayOf(values, 'since'),
      until: until === undefined ? undefined : until + DAY_MS,
      media: values.media === true || undefined,
    }
    if (
      query.query.trim() === '' &&
      [query.author, query.since, query.until, query.media].every((one) => one === undefined)
    )
      throw new UsageError('search takes words, or one of --author, --since, --until and --media')
    return withNode(values, async (client) => {
      let [left, cursor]: [number, string | null] = [limit, null]
      do {
        const page: Awaited<ReturnType<typeof client.search.posts>> = await client.search.posts({
          ...query,
          cursor,
          limit: left,
        })
        for (const item of page.items)
          await (values.json === true ? printJson(item) : printLine(`${formatPost(item)}\n`))
        left -= page.items.length
        cursor = page.cursor
      } while (left > 0 && cursor !== null)
      return EXIT.done
    })
  },
}

/** The first moment of a day. @throws UsageError */
function dayOf(values: OptionValues, name: string): number | undefined {
  const text = textOf(values, name)
  if (text === undefined) return undefined
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN
  if (!(day >= 0)) throw new UsageError(`--${name} takes a day such as 2026-11-29, got ${JSON.stringify(text)}`)
  return day
}
