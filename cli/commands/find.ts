import type { PersonSearch, SearchWay } from '../../core/contract/finding.ts'
import { type Command, dataOption, EXIT, jsonOption } from '../command.ts'
import { printJson, printLine } from '../output.ts'
import { withNode } from '../with-node.ts'

/** Between two looks at how far it is. */
const LOOK_EVERY_MS = 250

const WAYS: Readonly<Record<SearchWay['way'], string>> = {
  address: 'addresses of the link',
  memory: 'where others last met it',
  peers: 'who is connected',
  dht: 'the shared directory',
  lan: 'computers nearby',
}

export const findCommand: Command = {
  usage: 'find PEER-ID|LINK [--data DIR] [--json]',
  help: `Looks for somebody by peer ID or palabre: link, in every way at the same time, until they are found or everybody was
asked. Ends with 0 when they are found, else with 1. --json prints what profiles.search says, a line each time that it
changes.`,
  options: { data: dataOption, json: jsonOption },
  positionals: ['PEER-ID|LINK'],
  async run({ values, positionals }) {
    const profile = positionals[0] as string
    return withNode(values, async (client) => {
      let search = await client.profiles.find({ profile })
      let said = ''
      for (;;) {
        const text = values.json === true ? JSON.stringify(search) : describe(search)
        if (text !== said) await (values.json === true ? printJson(search) : printLine(text))
        said = text
        if (search.state !== 'asking') break
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
        search = (await client.profiles.search({ profile })) ?? search
      }
      return search.state === 'found' ? EXIT.done : EXIT.failed
    })
  },
}

function describe({ profile, state, ways }: PersonSearch): string {
  if (state === 'found') return `found ${profile}`
  const tried = ways.map(({ way, state: how, asked }) => `${WAYS[way]}: ${how}${asked > 0 ? ` (${asked})` : ''}`)
  return `${state === 'asking' ? 'asking' : 'nobody knows it'} · ${tried.join(' · ')}`
}
