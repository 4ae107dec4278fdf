import { parseProfileLink } from '../../core/record/links.ts'
import { PalabreError } from '../../core/util/errors.ts'
import { type Command, dataOption, jsonOption, textOf, textsOf } from '../command.ts'
import { runRecovery } from '../recovering.ts'
import { readSecret, secretOptions } from '../secret-options.ts'
import { withNode } from '../with-node.ts'

export const recoverCommand: Command = {
  usage: 'recover [--secret-file FILE | --secret-fd N] [--peer ADDR]… [--name NAME] [--data DIR] [--json]',
  help: `Brings an account back to the running node, which has none, by the 24 words or the paper key: the account is looked
for among all peers until one knows it, this computer becomes one of its devices, and its records come back from those
who keep them. What is not given by an option is asked on the terminal, and not shown. Ctrl-C ends the search.
--json prints what recovery.status says, a line each time that it changes.`,
  options: {
    ...secretOptions('secret', 'the 24 words or the paper key'),
    peer: {
      type: 'string',
      multiple: true,
      value: 'ADDR',
      help: 'multiaddr, or palabre: link with addresses, of somebody who may know the account',
    },
    name: { type: 'string', value: 'NAME', help: 'what this computer is called (default: its system)' },
    data: dataOption,
    json: jsonOption,
  },
  positionals: [],
  async run({ values }) {
    const addresses = textsOf(values, 'peer').flatMap((address) => parseProfileLink(address)?.addresses ?? [address])
    const name = textOf(values, 'name')
    const secret = await readSecret(values, 'secret', 'The 24 words, or the paper key: ')
    if (secret === null) throw new PalabreError('cancelled', 'nothing was typed')
    return withNode(values, (client) =>
      runRecovery(client, () => client.recovery.start({ secret, addresses, ...(name === undefined ? {} : { name }) }), {
        isJson: values.json === true,
      }),
    )
  },
}
