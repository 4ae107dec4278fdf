import type { DeviceReplacement } from '../../core/contract/accounts.ts'
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
      const { replaced } = await client.devices.replaced().catch(() => ({ replaced: null }))
      const { storage, data } = status
      const lines = [
        account ? `${account.name} · ${account.profile}` : 'no account yet',
        `${status.role} on ${status.network} · ${status.state} · ${status.peers.length} peers, ${status.seeds} seeds`,
        ...(replaced === null ? [] : [formatReplacement(replaced)]),
        ...(status.clock.warning ? [formatClockWarning(status.clock.offsetMs ?? 0)] : []),
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

function formatReplacement({ at }: DeviceReplacement): string {
  const when = new Date(at).toISOString().slice(0, 16).replace('T', ' ')
  return `a copy of this data directory signs elsewhere, or did: since ${when} this device has a new key; nothing was lost. Stop the copy, or see the devices page`
}

function formatClockWarning(offsetMs: number): string {
  const minutes = Math.max(2, Math.round(Math.abs(offsetMs) / 60_000))
  return `this computer's clock is about ${minutes} minutes ${offsetMs > 0 ? 'ahead of' : 'behind'} the seeds: set it right, or what you write is held back or shown at the wrong place`
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
