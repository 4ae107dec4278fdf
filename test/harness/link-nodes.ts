import type { LinkStatus } from '../../core/contract/accounts.ts'
import type { TestPeer } from './square.ts'
import { eventually } from './wait.ts'

/** The status of linking on that node, once it has come to the step. @throws at once when it failed on the way */
export async function linkStep(peer: TestPeer, step: LinkStatus['step']): Promise<LinkStatus> {
  return await eventually(`linking at ${step}`, async () => {
    const status = await peer.api.link.status()
    if (status.step === 'failed' && step !== 'failed') throw new Error(`linking failed: ${status.failure}`)
    return status.step === step ? status : null
  })
}

/** Both show the code: `offering` shows a link, `joining` uses it. */
export async function meetNodes(
  offering: TestPeer,
  joining: TestPeer,
  name?: string,
): Promise<{ link: string; codes: [string | null, string | null] }> {
  const { link } = await offering.api.link.offer()
  if (link === null) throw new Error('no link is shown')
  await joining.api.link.join(name === undefined ? { link } : { link, name })
  const statuses = await Promise.all([linkStep(offering, 'compare'), linkStep(joining, 'compare')])
  return { link, codes: [statuses[0].code, statuses[1].code] }
}

/** The account of `offering` is that of `joining` too. */
export async function linkNodes(offering: TestPeer, joining: TestPeer, name?: string): Promise<void> {
  await meetNodes(offering, joining, name)
  await joining.api.link.confirm({ matches: true })
  await offering.api.link.confirm({ matches: true })
  await Promise.all([linkStep(offering, 'done'), linkStep(joining, 'done')])
}
