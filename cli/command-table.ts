import type { Command } from './command.ts'

export interface CommandEntry {
  readonly summary: string
  /** Loads the command and what it needs: `verify` must not wait for the network stack. */
  load(): Promise<Command>
}

/** Every command by name, in the order of `--help`. */
export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  start: {
    summary: 'run a peer, with its window on this machine',
    load: async () => (await import('./commands/start.ts')).startCommand,
  },
  seed: {
    summary: 'run an always-on node that keeps what it hears',
    load: async () => (await import('./commands/seed.ts')).seedCommand,
  },
  open: {
    summary: 'a new one-time link to the window of the running node',
    load: async () => (await import('./commands/open.ts')).openCommand,
  },
  status: {
    summary: 'account, peers and storage of the running node',
    load: async () => (await import('./commands/status.ts')).statusCommand,
  },
  bans: {
    summary: 'peers that the running node keeps out, and why',
    load: async () => (await import('./commands/bans.ts')).bansCommand,
  },
  post: {
    summary: 'write a post, with pictures if you like',
    load: async () => (await import('./commands/post.ts')).postCommand,
  },
  follow: {
    summary: 'follow a person by peer ID or link',
    load: async () => (await import('./commands/follow.ts')).followCommand,
  },
  mute: {
    summary: 'hide a person from everything that is shown, in private',
    load: async () => (await import('./commands/silence.ts')).muteCommand,
  },
  unmute: {
    summary: 'show a person again who was muted',
    load: async () => (await import('./commands/silence.ts')).unmuteCommand,
  },
  block: {
    summary: 'want nothing to do with a person, in public',
    load: async () => (await import('./commands/silence.ts')).blockCommand,
  },
  unblock: {
    summary: 'take a block back',
    load: async () => (await import('./commands/silence.ts')).unblockCommand,
  },
  muted: {
    summary: 'whom the account has muted and blocked',
    load: async () => (await import('./commands/silence.ts')).mutedCommand,
  },
  find: {
    summary: 'look for a person by peer ID or link',
    load: async () => (await import('./commands/find.ts')).findCommand,
  },
  drill: {
    summary: 'cut off the seeds or the internet for some minutes, and see what still works',
    load: async () => (await import('./commands/drill.ts')).drillCommand,
  },
  timeline: {
    summary: 'read the home timeline, or that of one person',
    load: async () => (await import('./commands/timeline.ts')).timelineCommand,
  },
  search: {
    summary: 'search the posts that this computer holds',
    load: async () => (await import('./commands/search.ts')).searchCommand,
  },
  devices: {
    summary: 'the devices that speak for the account',
    load: async () => (await import('./commands/devices.ts')).devicesCommand,
  },
  link: {
    summary: 'add another device: shows a link for it',
    load: async () => (await import('./commands/link.ts')).linkCommand,
  },
  invite: {
    summary: 'make an invitation: seeds to begin with and people to follow',
    load: async () => (await import('./commands/invite.ts')).inviteCommand,
  },
  join: {
    summary: 'join by an invitation, or make this new device one of an account',
    load: async () => (await import('./commands/join.ts')).joinCommand,
  },
  call: {
    summary: 'call any method of the running node, JSON in and out',
    load: async () => (await import('./commands/call.ts')).callCommand,
  },
  import: {
    summary: 'take in an archive of records, on a running node or without one',
    load: async () => (await import('./commands/import.ts')).importCommand,
  },
  export: {
    summary: 'write the account, or all that is held, into an archive',
    load: async () => (await import('./commands/export.ts')).exportCommand,
  },
  recover: {
    summary: 'bring an account back by its 24 words or its paper key',
    load: async () => (await import('./commands/recover.ts')).recoverCommand,
  },
  rehearse: {
    summary: 'see whether these are the 24 words of the account',
    load: async () => (await import('./commands/rehearse.ts')).rehearseCommand,
  },
  protect: {
    summary: 'set, change or remove the passphrase of the vault',
    load: async () => (await import('./commands/protect.ts')).protectCommand,
  },
  verify: {
    summary: 'judge records or signatures, one a line',
    load: async () => (await import('./commands/verify.ts')).verifyCommand,
  },
  paths: {
    summary: 'where data, logs and cache lie',
    load: async () => (await import('./commands/paths.ts')).pathsCommand,
  },
}
