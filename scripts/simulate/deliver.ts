import { type Flight, HERE } from './flight.ts'
import type { World } from './world.ts'

/** It has reached that member, if the same session of the program still runs. */
export function deliver(world: World, flight: Flight, member: number, session: number): boolean {
  const user = flight.audience[member] as number
  if (world.session[user] !== session || world.isOnline[user] === 0 || flight.state(member) === HERE) return false
  flight.setState(member, HERE)
  flight.delays[member] = world.now - flight.bornAt
  return true
}
