import { type Command, dataOption, jsonOption } from '../command.ts'
import { expectSomebody, runLinking, yesOption } from '../linking.ts'
import { withNode } from '../with-node.ts'

export const linkCommand: Command = {
  usage: 'link [--yes] [--data DIR] [--json]',
  help: `Adds another device to the account of the running node. Prints a link for \`palabre join\`, or for the window, of the
new device; it is good for ten minutes and for one device. Then both show six digits: when they are the same on both
screens, say so on both. If they differ, somebody else has used the link: say no, and nothing has happened.
--json prints what link.status says, a line a step.`,
  options: { yes: yesOption, data: dataOption, json: jsonOption },
  positionals: [],
  async run({ values }) {
    const options = { isJson: values.json === true, saysYes: values.yes === true }
    expectSomebody(options)
    return withNode(values, (client) => runLinking(client, () => client.link.offer(), options))
  },
}
