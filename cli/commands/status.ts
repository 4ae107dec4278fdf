import { type Command, dataOption, EXIT, jsonOption } from '../command.ts'
import { printable, printJson, printLine } from '../output.ts'
import { withNode } from '../with-node.ts'

export const statusCommand: Command = {
  usage: 'status [--data DIR] [--json]',
  help: 'Prints who this node is, whom it is connected to and what it keeps. --json prints what network.status says.',
  options: { data: dataOption, json: jsonOption },
  positionals: [],
  async run({ values }) {
    return withNode(values, async (client) => {
      const status = await client.network.status()
      if (values.json === true) {
        await printJson(status)
        return EXIT.done
      }
      const account = await client.account.get().catch(() => undefined)
      const { storage, data } = status
      const lines = [
        account ? `${account.name} · ${account.profile}` : 'no account yet',
        `${status.role} on ${status.network} · ${status.state} · ${status.peers.length} peers, ${status.seeds} seeds`,
        `peer ID ${status.peerId}`,
        ...status.addresses.map((address) => `  ${address}`),
        `${storage.posts} posts of ${storage.authors} people · records ${formatBytes(storage.recordBytes)}, pictures ${formatBytes(storage.mediaBytes)}`,
        `own records ${storage.ownRecords}, of them not yet with a seed ${storage.ownUnheld}`,
        `received ${formatBytes(data.receivedBytes)}, sent ${formatBytes(data.sentBytes)} since the start`,
        ...status.peers.map((peer) => `${peer.role} ${peer.name || peer.peerId} · ${peer.address}`),
        ...status.unreachable.map(({ address, cause }) => `no answer from ${address}: ${cause}`),
      ]
      for (const line of lines) await printLine(printable(line))
      return EXIT.done
    })
  },
}

function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let value = bytes
  let unit = 0
  while (value >= 1_024 && unit < units.length - 1) {
    value /= 1_024
    unit++
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`
}
