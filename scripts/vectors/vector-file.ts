/** One file of test/vectors: what it holds, in words, and the cases in order. */
export interface VectorFile<Case> {
  readonly description: string
  readonly cases: readonly Case[]
}

/** The file's text: one case a line, so that a change shows as the lines that it touches. */
export function formatVectorFile(file: VectorFile<unknown>): string {
  const cases = file.cases.map((one) => `    ${JSON.stringify(one)}`)
  return `{\n  "description": ${JSON.stringify(file.description)},\n  "cases": [\n${cases.join(',\n')}\n  ]\n}\n`
}
