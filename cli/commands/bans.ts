import type { BanView } from '../../core/contract/bans.ts'
import { type Command, dataOption, EXIT, jsonOption } from '../command.ts'
import { printJson, printLine } from '../output.ts'
import { withNode } from '../with-node.ts'

export const bansCommand: Command = {
  usage: 'bans [--lift PEER-ID] [--data DIR] [--json]',
  help: `Prints which peers this node keeps out for having abused it, why and until when, the latest first. A ban ends by
itself after an hour. --lift ends one now; exit 1 when that peer wasn't kept out. --json prints what bans.list or bans.lift says.`,
  options: {
    lift: { type: 'string', value: 'PEER-ID', help: 'let this peer come again now' },
    data: dataOption,
    json: jsonOption,
  },
  positionals: [],
  async run({ values }) {
    const peerId = values.lift
    return withNode(values, async (client) => {
      if (typeof peerId === 'string') {
        const answer = await client.bans.lift({ peerId })
        if (values.json === true) await printJson(answer)
        else await printLine(answer.lifted ? `${peerId} may come again` : `${peerId} was not kept out`)
        return answer.lifted ? EXIT.done : EXIT.failed
      }
      const { items } = await client.bans.list()
      if (values.json === true) await printJson({ items })
      else for (const line of items.length === 0 ? ['nobody is kept out'] : items.map(banLine)) await printLine(line)
      return EXIT.done
    })
  },
}

function banLine({ peerId, reason, until }: BanView): string {
  return `${peerId} · ${reason} · until ${new Date(until).toISOString()}`
}
