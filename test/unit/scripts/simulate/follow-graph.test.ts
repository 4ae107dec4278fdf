import { describe, expect, it } from 'vitest'
import { type FollowGraph, makeFollowGraph } from '../../../../scripts/simulate/follow-graph.ts'
import { DEFAULTS } from '../../../../scripts/simulate/parameters.ts'
import { RandomStream } from '../../../../scripts/simulate/random-stream.ts'

const users = 2_000
const make = (celebrity = 0) => makeFollowGraph({ ...DEFAULTS, users, celebrity }, new RandomStream(1))
const row = (from: Uint32Array, list: Uint32Array, user: number) => list.slice(from[user], from[user + 1])
const followersOf = (graph: FollowGraph, user: number) => row(graph.followersFrom, graph.followers, user)

describe('makeFollowGraph', () => {
  const graph = make()

  it('holds each follow once from both sides, ascending, nobody with themselves', () => {
    const bad: number[] = []
    let seen = 0
    for (let user = 0; user < users; user++) {
      const follows = row(graph.followsFrom, graph.follows, user)
      if (follows.some((followed, i) => followed <= (follows[i - 1] ?? -1) || followed === user)) bad.push(user)
      if (user % 500 === 0) for (const followed of follows) expect(followersOf(graph, followed)).toContain(user)
      seen += follows.length
    }
    expect(bad).toEqual([])
    expect(graph.followers.length).toBe(seen)
  })

  it('has the number of follows that was asked for, and a few whom very many follow', () => {
    expect(graph.follows.length / users).toBeGreaterThan(0.7 * DEFAULTS.follows)
    expect(graph.follows.length / users).toBeLessThan(DEFAULTS.follows)
    const counts = Array.from({ length: users }, (_, user) => followersOf(graph, user).length).sort((a, b) => b - a)
    expect(counts[0]).toBeGreaterThan(0.2 * users)
    expect(counts[users / 2]).toBeLessThan(1.2 * DEFAULTS.follows)
  })

  it('gives a celebrity its share', () => {
    expect(followersOf(make(0.3), 0).length / users).toBeGreaterThan(0.28)
  })
})
