import { shortPeerId } from '../../../core/identity/peer-id.ts'

/** The name that somebody gives themselves, and the short ID while none is known. */
export function calledName(person: { profile: string; name: string }): string {
  return person.name.trim() === '' ? shortPeerId(person.profile) : person.name
}
