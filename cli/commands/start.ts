import { startSquareThread } from '../../core/node/square-starter.ts'
import type { Command } from '../command.ts'
import { hostOptions, parseHostOptions } from '../host-options.ts'

export const startCommand: Command = {
  usage: 'start [options]',
  help: `Runs a peer with its window on this machine, and opens the window where there is a display.
Ctrl-C stops it. With --json, stdout carries JSON lines only; the first says where the node listens.`,
  options: hostOptions,
  positionals: [],
  async run({ values }) {
    const options = parseHostOptions(values)
    const thread = startSquareThread()
    const { runHost } = await import('../host.ts')
    return runHost('peer', { ...options, hasUi: true }, thread)
  },
}
