import { type Command, dataOption, EXIT, jsonOption } from '../command.ts'
import { printable, printJson, printLine } from '../output.ts'
import { statusLines } from '../status-lines.ts'
import { withNode } from '../with-node.ts'

export const statusCommand: Command = {
  usage: 'status [--data DIR] [--json]',
  help: `Prints who this node is, whom it is connected to, what it keeps, and how far it is where it catches up.
--json prints what network.status says.`,
  options: { data: dataOption, json: jsonOption },
  positionals: [],
  async run({ values }) {
    return withNode(values, async (client) => {
      const network = await client.network.status()
      if (values.json === true) {
        await printJson(network)
        return EXIT.done
      }
      const account = await client.account.get().catch(() => undefined)
      const { replaced } = await client.devices.replaced().catch(() => ({ replaced: null }))
      const budgets = await client.storage
        .get()
        .then((storage) => storage.budgets)
        .catch(() => undefined)
      const today = await client.network
        .ledger({ days: 1 })
        .then(({ days }) => days[0])
        .catch(() => undefined)
      for (const line of statusLines({ network, account, replaced, budgets, today })) await printLine(printable(line))
      return EXIT.done
    })
  },
}
