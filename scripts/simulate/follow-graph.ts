import type { Parameters } from './parameters.ts'
import type { RandomStream } from './random-stream.ts'

/** Who follows whom, as rows of user numbers, ascending in each. Row u of `follows` begins at `followsFrom[u]`. */
export interface FollowGraph {
  readonly users: number
  readonly followsFrom: Uint32Array
  readonly follows: Uint32Array
  readonly followersFrom: Uint32Array
  readonly followers: Uint32Array
  /** Place of each user in the order of popularity, 0 first. */
  readonly ranks: Uint32Array
}

export type GraphParameters = Pick<
  Parameters,
  'celebrity' | 'circle' | 'circleShare' | 'follows' | 'followsSigma' | 'users' | 'zipf'
>

const MAX_FOLLOWS = 5_000
/** A prime beyond the number of users: popular people are spread over all circles. */
const STRIDE = 15_485_863

/**
 * Numbers of follows are log-normal; a part of them lies within one's circle, neighbours in number, the others go to
 * whom many follow, by Zipf's law. With a celebrity, user 0 is it.
 */
export function makeFollowGraph(parameters: GraphParameters, random: RandomStream): FollowGraph {
  const { users } = parameters
  const ranks = new Uint32Array(users)
  const byRank = new Uint32Array(users)
  for (let rank = 0; rank < users; rank++) {
    const user = (rank * (STRIDE % users || 1)) % users
    byRank[rank] = user
    ranks[user] = rank
  }
  const rows = drawFollows(parameters, byRank, random)
  return { users, ranks, ...rows, ...transpose(users, rows.followsFrom, rows.follows) }
}

function drawFollows(
  { celebrity, circle, circleShare, follows: mean, followsSigma, users, zipf }: GraphParameters,
  byRank: Uint32Array,
  random: RandomStream,
): { followsFrom: Uint32Array; follows: Uint32Array } {
  const median = mean / Math.exp(followsSigma ** 2 / 2)
  const most = Math.min(MAX_FOLLOWS, Math.floor(users / 3))
  const followsFrom = new Uint32Array(users + 1)
  let follows = new Uint32Array(Math.ceil(1.3 * mean * users) + most + 2)
  let used = 0
  const row: number[] = []
  for (let user = 0; user < users; user++) {
    const count = Math.max(1, Math.min(most, Math.round(random.logNormal(median, followsSigma))))
    const first = Math.min(user - (user % circle), Math.max(0, users - circle))
    const size = Math.min(circle, users)
    row.length = 0
    for (let i = 0; i < count; i++) {
      const isNear = random.chance(circleShare) && i < 0.8 * size
      const followed = isNear ? first + random.below(size) : (byRank[random.rank(users, zipf)] as number)
      if (followed !== user) row.push(followed)
    }
    if (celebrity > 0 && user !== 0 && random.chance(celebrity)) row.push(0)
    row.sort((a, b) => a - b)
    if (used + row.length > follows.length) follows = grown(follows)
    let last = -1
    for (const followed of row) {
      if (followed !== last) follows[used++] = followed
      last = followed
    }
    followsFrom[user + 1] = used
  }
  return { followsFrom, follows: follows.subarray(0, used) }
}

function transpose(users: number, followsFrom: Uint32Array, follows: Uint32Array) {
  const followersFrom = new Uint32Array(users + 1)
  for (const followed of follows) (followersFrom[followed + 1] as number)++
  for (let user = 0; user < users; user++) {
    followersFrom[user + 1] = (followersFrom[user + 1] as number) + (followersFrom[user] as number)
  }
  const next = followersFrom.slice(0, users)
  const followers = new Uint32Array(follows.length)
  for (let user = 0; user < users; user++) {
    const end = followsFrom[user + 1] as number
    for (let i = followsFrom[user] as number; i < end; i++) {
      const followed = follows[i] as number
      const at = next[followed] as number
      followers[at] = user
      next[followed] = at + 1
    }
  }
  return { followersFrom, followers }
}

function grown(from: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const to = new Uint32Array(2 * from.length)
  to.set(from)
  return to
}
