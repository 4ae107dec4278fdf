import type { Homes } from './homes.ts'
import { PROGRAM } from './parameters.ts'
import type { Reach } from './tally.ts'
import type { TrafficPart } from './traffic.ts'
import type { World } from './world.ts'

const DAY_MS = 86_400_000

export interface Outcome {
  readonly before: Reach
  /** Between the takedown and when things should have settled, and later. */
  readonly during: Reach
  readonly after: Reach
  /** Shares in time of what was written in each half minute after the takedown. */
  readonly recovery: readonly number[]
  /** Of one desktop that is online the whole day, both ways. */
  readonly bytesPerDay: number
  readonly bytesPerDayBy: Readonly<Record<TrafficPart, number>>
  readonly online: number
  /** Shares of the online at the end who have a seed, or any home, and how many they have. */
  readonly withSeed: number
  readonly withHome: number
  readonly homes: number
  readonly standIns: number
  readonly seedsAlive: number
  /** Readers of the fullest seed, and the mean over those alive. */
  readonly fullestSeed: number
  readonly meanReaders: number
  /** Bytes per second that seeds forwarded to each other, the mean of those alive. */
  readonly seedBytesPerSecond: number
  /** Messages that seeds didn't look at. */
  readonly ignored: number
  readonly events: number
}

/** What the world looks like at the end. Everybody leaves then, which settles what their connections cost. */
export function measureWorld(
  w: World,
  homes: Homes,
): Omit<Outcome, 'before' | 'during' | 'after' | 'events' | 'ignored' | 'recovery'> {
  const { users, seeds, sample, peerLinks, links } = w.parameters
  let [online, withSeed, withHome, connected, standIns] = [0, 0, 0, 0, 0]
  const readers = w.readers.subarray(0, seeds).reduce((sum, count) => sum + count, 0)
  for (let user = 0; user < users; user++) {
    if (w.isOnline[user] === 0) continue
    online++
    connected += w.countHomes(user)
    standIns += w.isStandIn[user] as number
    if (w.hasSeed(user)) withSeed++
    if (w.countHomes(user) > 0 || w.isStandIn[user] === 1) withHome++
    w.traffic.onlineMs += w.now - Math.max(0, w.onlineSince[user] as number)
    homes.sleep(user)
  }
  const perDay = DAY_MS / w.traffic.onlineMs
  const { connections, ...ofRecords } = w.traffic.parts()
  const by = Object.fromEntries(Object.entries(ofRecords).map(([part, bytes]) => [part, (bytes * perDay) / sample]))
  const peers = links === 'slots' ? peerLinks : 0
  const bytesPerDayBy = {
    ...by,
    connections: connections * perDay + peers * w.traffic.perConnectionDay(PROGRAM, false),
  } as Record<TrafficPart, number>
  const seedsAlive = w.isAlive.subarray(0, seeds).reduce((sum, isAlive) => sum + isAlive, 0)
  return {
    bytesPerDay: Object.values(bytesPerDayBy).reduce((sum, bytes) => sum + bytes, 0),
    bytesPerDayBy,
    online,
    withSeed: withSeed / online,
    withHome: withHome / online,
    homes: connected / online,
    standIns,
    seedsAlive,
    fullestSeed: homes.mostReaders,
    meanReaders: seedsAlive === 0 ? 0 : readers / seedsAlive,
    seedBytesPerSecond: w.traffic.seedBytes / sample / Math.max(1, seedsAlive) / (w.now / 1_000),
  }
}
