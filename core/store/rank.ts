/** What an author is to this node: the lower, the sooner something of them makes room. */
export const RANK = {
  stranger: 0,
  followed: 1,
  /** This account, pinned people, those who are about to be followed or wanted for another reason: never. */
  kept: 2,
} as const
export type Rank = (typeof RANK)[keyof typeof RANK]
