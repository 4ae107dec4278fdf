import { PalabreError } from '../../core/util/errors.ts'
import { type Command, dataOption, EXIT, jsonOption } from '../command.ts'
import { printJson, printLine } from '../output.ts'
import { readSecret, secretOptions } from '../secret-options.ts'
import { withNode } from '../with-node.ts'

const ANSWERS = {
  right: 'These are the 24 words of this account.',
  'not-words': 'These are not 24 words of the list, or one of them is misspelt.',
  'other-account': 'These are 24 words, and not those of this account: they were replaced, or belong to another one.',
} as const

export const rehearseCommand: Command = {
  usage: 'rehearse [--words-file FILE | --words-fd N] [--data DIR] [--json]',
  help: `Asks for the 24 words of the running node's account and says whether they are the right ones. Nothing is sent, and
nothing kept but the day. What is not given by an option is asked on the terminal, and not shown.`,
  options: {
    ...secretOptions('words', 'the 24 words'),
    data: dataOption,
    json: jsonOption,
  },
  positionals: [],
  async run({ values }) {
    const words = await readSecret(values, 'words', 'The 24 words: ')
    if (words === null) throw new PalabreError('cancelled', 'nothing was typed')
    return withNode(values, async (client) => {
      const answer = await client.recovery.rehearse({ words })
      await (values.json === true ? printJson(answer) : printLine(ANSWERS[answer.result]))
      return answer.result === 'right' ? EXIT.done : EXIT.failed
    })
  },
}
