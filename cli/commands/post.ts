import { resolve } from 'node:path'
import { text as readText } from 'node:stream/consumers'
import type { Media } from '../../core/contract/media.ts'
import { type Command, dataOption, EXIT, jsonOption, textOf, textsOf, UsageError } from '../command.ts'
import { printJson, printLine } from '../output.ts'
import { withNode } from '../with-node.ts'

export const postCommand: Command = {
  usage:
    'post TEXT [--image FILE --alt TEXT]… [--reply ID] [--quote ID] [--lang TAG] [--warning TEXT] [--data DIR] [--json]',
  help: `Writes a post and prints its id. TEXT \`-\` is read from stdin. Metadata of pictures is stripped; the first
--alt describes the first --image, and so on.`,
  options: {
    image: { type: 'string', multiple: true, value: 'FILE', help: 'a picture (PNG, JPEG, WebP, GIF)' },
    alt: { type: 'string', multiple: true, value: 'TEXT', help: 'what the picture shows, for who does not see it' },
    reply: { type: 'string', value: 'ID', help: 'id of the post that this one answers' },
    quote: { type: 'string', value: 'ID', help: 'id of the post that this one quotes' },
    lang: { type: 'string', value: 'TAG', help: 'language of the text, such as fr' },
    warning: { type: 'string', value: 'TEXT', help: 'content warning that stands in front of the post' },
    data: dataOption,
    json: jsonOption,
  },
  positionals: ['TEXT'],
  async run({ values, positionals }) {
    const images = textsOf(values, 'image')
    const alts = textsOf(values, 'alt')
    if (alts.length > images.length) throw new UsageError('there are more --alt than --image')
    const text = positionals[0] === '-' ? (await readText(process.stdin)).trimEnd() : (positionals[0] as string)
    const reply = textOf(values, 'reply')
    const quote = textOf(values, 'quote')
    const lang = textOf(values, 'lang')
    const warning = textOf(values, 'warning')
    return withNode(values, async (client) => {
      const media: Media[] = []
      for (const [i, image] of images.entries()) {
        media.push(await client.media.add({ path: resolve(image), alt: alts[i] ?? '' }))
      }
      const post = await client.posts.create({
        text,
        media,
        ...(reply === undefined ? {} : { reply }),
        ...(quote === undefined ? {} : { quote }),
        ...(lang === undefined ? {} : { lang }),
        ...(warning === undefined ? {} : { warning }),
      })
      await (values.json === true ? printJson(post) : printLine(post.id))
      return EXIT.done
    })
  },
}
