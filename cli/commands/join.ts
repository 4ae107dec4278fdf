import { text } from 'node:stream/consumers'
import { type Command, dataOption, jsonOption, textOf } from '../command.ts'
import { expectSomebody, runLinking, yesOption } from '../linking.ts'
import { withNode } from '../with-node.ts'

export const joinCommand: Command = {
  usage: 'join LINK [--name NAME] [--yes] [--data DIR] [--json]',
  help: `Makes the running node, which has no account yet, a device of the account whose link this is: \`palabre link\` or
the window of another device shows it. LINK - is read from stdin. Then both show six digits: when they are the same on
both screens, say so on both. --json prints what link.status says, a line a step.`,
  options: {
    name: { type: 'string', value: 'NAME', help: 'what the device is called (default: its system)' },
    yes: yesOption,
    data: dataOption,
    json: jsonOption,
  },
  positionals: ['LINK'],
  async run({ values, positionals }) {
    const options = { isJson: values.json === true, saysYes: values.yes === true }
    expectSomebody(options)
    const link = positionals[0] === '-' ? (await text(process.stdin)).trim() : (positionals[0] as string)
    const name = textOf(values, 'name')
    return withNode(values, (client) =>
      runLinking(client, () => client.link.join(name === undefined ? { link } : { link, name }), options),
    )
  },
}
