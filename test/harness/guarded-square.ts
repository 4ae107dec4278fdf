import { clientOf, type TestPeer, type TestSquare } from './square.ts'
import { eventually } from './wait.ts'

/** Nodes of a person with three guardians, of whom two are enough, and one seed between them. */
export interface GuardedSquare {
  readonly seed: string
  readonly ana: TestPeer
  readonly guardians: readonly [TestPeer, TestPeer, TestPeer]
  readonly profile: string
}

export async function addGuarded(square: TestSquare, guardianDelayMs: number): Promise<GuardedSquare> {
  const seed = await (await square.add({ role: 'seed' })).address()
  const init = { peers: [seed], guardianDelayMs }
  const [ana, ...guardians] = await Promise.all([
    square.add({ name: 'Ana', ...init }),
    square.add({ name: 'Ben', ...init }),
    square.add({ name: 'Cleo', ...init }),
    square.add({ name: 'Dora', ...init }),
  ])
  const { link } = await ana.api.guardians.invite()
  const replies = []
  for (const guardian of guardians) replies.push((await guardian.api.guardians.accept({ link })).reply)
  const { words } = await clientOf(ana.node, 'web').account.words()
  await ana.api.guardians.set({ secret: (words ?? []).join(' '), threshold: 2, replies })
  return { seed, ana, guardians, profile: await ana.profile() }
}

/** Agrees as soon as the guardian knows that they are one. */
export async function approve(guardian: TestPeer, link: string): Promise<void> {
  await eventually('the ward is known here', () => guardian.api.guardians.approve({ link }).catch(() => null))
}
