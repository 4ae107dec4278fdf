import { type Command, dataOption, EXIT, jsonOption, textsOf } from '../command.ts'
import { printJson, printLine } from '../output.ts'
import { withNode } from '../with-node.ts'

export const followCommand: Command = {
  usage: 'follow PROFILE|LINK [--at ADDR]… [--data DIR] [--json]',
  help: `Follows a person by profile address, by the peer ID of a device, or by a palabre: link. Answers at once; when the
person is not known here yet the state is \`pending\` until somebody who knows them is reached.`,
  options: {
    at: { type: 'string', multiple: true, value: 'ADDR', help: 'multiaddr of a peer that may know this person' },
    data: dataOption,
    json: jsonOption,
  },
  positionals: ['PROFILE'],
  async run({ values, positionals }) {
    const addresses = textsOf(values, 'at')
    return withNode(values, async (client) => {
      const profile = positionals[0] as string
      const followed = await client.follows.add(addresses.length === 0 ? { profile } : { profile, addresses })
      await (values.json === true ? printJson(followed) : printLine(`${followed.state} ${followed.profile}`))
      return EXIT.done
    })
  },
}
