import { buildPrograms } from '../../scripts/build.ts'

/** The file of a program that tests start, built of its sources as they are now. */
export const programFile = await buildPrograms()
