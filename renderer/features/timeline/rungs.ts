import type { Rung } from '../../../core/contract/views.ts'

/** From what is nearest to the reader on. */
export const RUNGS: readonly Rung[] = ['friends', 'others', 'welcome']
