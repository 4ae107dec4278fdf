import { createRouterClient, type Router } from '@orpc/server'
import { RPCHandler } from '@orpc/server/message-port'
import type {
  DeviceView,
  GuardianRequest,
  Guardians,
  LinkStatus,
  RecoveryStatus,
} from '../../../core/contract/accounts.ts'
import type { ImportView } from '../../../core/contract/archive.ts'
import type { NodeClient } from '../../../core/contract/client.ts'
import type { Contract } from '../../../core/contract/contract.ts'
import type { Evidence } from '../../../core/contract/evidence.ts'
import type { InviteSeed } from '../../../core/contract/invitations.ts'
import type { Settings } from '../../../core/contract/settings.ts'
import type { Storage } from '../../../core/contract/storage.ts'
import type { NetworkStatus, NodeEvent } from '../../../core/contract/views.ts'
import type { InvitationWord } from '../../../core/record/invitation.ts'

/** What the component tests use of test/harness/fake-node.ts, which lies in another type zone. */
export interface FakeNode {
  router: Router<Contract, { carrier: 'desktop' }>
  controls: {
    emit(event: NodeEvent): void
    setNetwork(state: 'starting' | 'connecting' | 'connected' | 'offline'): void
    setClock(offsetMs: number): void
    patchNetwork(change: Partial<NetworkStatus>): void
    invitations: {
      seeds: InviteSeed[]
      sample(change?: Partial<InvitationWord>): string
      settle(cause?: string): void
    }
    archive: { set(importing: ImportView | null): void }
    setEvidence(items?: Evidence[]): void
    setDelay(ms: number): void
    fail(method: string, code?: string, message?: string, times?: number, after?: number): void
    die(): void
    revive(): void
    accounts: FakeAccounts
    settings(): Settings
    storage: {
      get(): Storage
      setState(state: Storage['space']['state']): void
      setFixed(fixed: Storage['fixed']): void
    }
  }
}

/** Devices, linking, recovery and guardians of the sample account, as far as tests reach into them. */
export interface FakeAccounts {
  course: { step(): void }
  devices: {
    items: DeviceView[]
    change(peerId: string, change: Partial<DeviceView>): void
    offer(): LinkStatus
    fail(failure: string): LinkStatus
    replace(): void
  }
  secrets: { words: string[]; isPending: boolean; paper: string | null; passphrase: string | null }
  guardians: { state: Guardians; alarm(change?: Partial<GuardianRequest>): void }
  recovery: {
    status: RecoveryStatus
    restore(by: 'words' | 'paper' | 'guardians' | 'device'): void
    fail(failure: string): RecoveryStatus
  }
}

export type Sample = 'square' | 'empty' | 'newcomer'

const MODULES = import.meta.glob<{ createFakeNode(init: { sample: Sample; nowMs: number }): FakeNode }>(
  '../../harness/fake-node.ts',
)

export async function createFakeNode(sample: Sample): Promise<FakeNode> {
  const load = MODULES['../../harness/fake-node.ts']
  if (load === undefined) throw new Error('test/harness/fake-node.ts is not there')
  const { createFakeNode: create } = await load()
  return create({ sample, nowMs: Date.now() })
}

/** Calls the node without the window. */
export function callerOf(node: FakeNode): NodeClient {
  return createRouterClient(node.router, { context: { carrier: 'desktop' } }) as NodeClient
}

/**
 * Stands for the desktop app: hands a message port to the window whenever it asks for one.
 * @returns a function that cuts the line, as when the node's process ends.
 */
export function serveDesktop(node: FakeNode): () => void {
  let served: MessagePort | undefined
  let given: MessagePort | undefined
  window.addEventListener('message', (event) => {
    given = event.ports[0]
  })
  const hand = () => {
    const { port1, port2 } = new MessageChannel()
    served = port1
    new RPCHandler<{ carrier: 'desktop' }>(node.router).upgrade(port1, { context: { carrier: 'desktop' } })
    port1.start()
    window.postMessage({ type: 'palabre:port' }, location.origin, [port2])
  }
  window.palabreDesktop = { requestPort: hand }
  return () => {
    served?.close()
    // What Electron does when the other end is gone.
    given?.dispatchEvent(new Event('close'))
  }
}
