import type { DeviceView } from '../../core/contract/accounts.ts'
import { type Command, dataOption, EXIT, jsonOption } from '../command.ts'
import { printable, printJson, printLine } from '../output.ts'
import { withNode } from '../with-node.ts'

export const devicesCommand: Command = {
  usage: 'devices [--data DIR] [--json]',
  help: `Lists the devices that speak for the account, this one first. A device is retired when it signed itself off, and
sealed when it was revoked: what it signed after that is not shown. --json prints a device a line.`,
  options: { data: dataOption, json: jsonOption },
  positionals: [],
  async run({ values }) {
    return withNode(values, async (client) => {
      const { items } = await client.devices.list()
      for (const item of items) await (values.json === true ? printJson(item) : printLine(formatDevice(item)))
      return EXIT.done
    })
  },
}

function formatDevice(device: DeviceView): string {
  const { peerId, name, isThis, status, contested, forked, former, records, hidden, lastSignedAt } = device
  const last =
    lastSignedAt === null ? [] : [`last ${new Date(lastSignedAt).toISOString().slice(0, 16).replace('T', ' ')}`]
  const facts = [
    name,
    ...(isThis ? ['this device'] : []),
    status,
    ...(former ? ['former key of this device'] : []),
    ...(contested ? ['contested'] : []),
    ...(forked ? ['a copy of it has signed too'] : []),
    hidden > 0 ? `${records} records, ${hidden} not shown` : `${records} records`,
    ...last,
    peerId,
  ]
  return printable(facts.join(' · '))
}
