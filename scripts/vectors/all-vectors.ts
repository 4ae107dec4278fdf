import { beatVectors } from './beat-vectors.ts'
import { chainVectors } from './chain-vectors.ts'
import { codecVectors } from './codec-vectors.ts'
import { operationVectors } from './operation-vectors.ts'
import { paperVectors } from './paper-vectors.ts'
import { privateVectors } from './private-vectors.ts'
import { recordVectors } from './record-vectors.ts'
import { signatureVectors } from './signature-vectors.ts'
import { formatVectorFile } from './vector-file.ts'

/** File name in test/vectors → text. Always the same: keys come from names, randomness from seeds. */
export function allVectorFiles(): Map<string, string> {
  return new Map([
    ['codec.json', formatVectorFile(codecVectors())],
    ['signatures.json', formatVectorFile(signatureVectors())],
    ['identity-operations.json', formatVectorFile(operationVectors())],
    ['identity-chains.json', formatVectorFile(chainVectors())],
    ['paper-keys.json', formatVectorFile(paperVectors())],
    ['records.json', formatVectorFile(recordVectors())],
    ['private.json', formatVectorFile(privateVectors())],
    ['beats.json', formatVectorFile(beatVectors())],
  ])
}
