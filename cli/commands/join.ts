import { text } from 'node:stream/consumers'
import { type Command, dataOption, jsonOption, textOf, textsOf } from '../command.ts'
import { findInvitation, runJoining } from '../joining.ts'
import { expectSomebody, runLinking, yesOption } from '../linking.ts'
import { withNode } from '../with-node.ts'

export const joinCommand: Command = {
  usage: 'join LINK|FILE [--only PROFILE]… [--name NAME] [--yes] [--data DIR] [--json]',
  help: `With an invitation, palabre:join?… or a .palabre-invitation file: shows what it names, asks, then dials its seeds and
follows its people, all of them or those of --only. What isn't reached within a minute goes on by itself. --json prints
what invitations.status says, a line each time that it changes.

With the link of \`palabre link\` or of another device's window: makes the running node, which has no account yet, a device
of that account. Then both show six digits: when they are the same on both screens, say so on both. --json prints what
link.status says, a line a step.

LINK - is read from stdin.`,
  options: {
    only: {
      type: 'string',
      multiple: true,
      value: 'PROFILE',
      help: 'of an invitation, whom to follow (default: everybody)',
    },
    name: { type: 'string', value: 'NAME', help: 'what the new device is called (default: its system)' },
    yes: { ...yesOption, help: 'do it without asking; of a device link, take the codes for equal' },
    data: dataOption,
    json: jsonOption,
  },
  positionals: ['LINK|FILE'],
  async run({ values, positionals }) {
    const options = { isJson: values.json === true, saysYes: values.yes === true, only: textsOf(values, 'only') }
    const link = positionals[0] === '-' ? (await text(process.stdin)).trim() : (positionals[0] as string)
    const invitation = await findInvitation(link)
    if (invitation !== undefined) return withNode(values, (client) => runJoining(client, invitation, options))
    expectSomebody(options)
    const name = textOf(values, 'name')
    return withNode(values, (client) =>
      runLinking(client, () => client.link.join(name === undefined ? { link } : { link, name }), options),
    )
  },
}
