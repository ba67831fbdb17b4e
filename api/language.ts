import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Catalogue } from '../messages/catalogue.ts'
import { catalogueOf } from '../messages/catalogues.ts'
import { LANGUAGES, type Language } from '../model/language.ts'

/** In which language an answer explains alerts. */
export const LanguageQuery = {
  lang: Type.Optional(
    Type.Unsafe<Language>(
      Type.Enum([...LANGUAGES], {
        description:
          'Language of sentences and reasons. Left out: the first of Accept-Language that is known, else the one in the configuration.',
      }),
    ),
  ),
}

/** The language asked for, and says in the answer's headers which it is and what it hung on. */
export function wordsFor(
  request: FastifyRequest<{ Querystring: { lang?: Language } }>,
  reply: FastifyReply,
  configured: Language,
): Catalogue {
  const language = request.query.lang ?? firstAccepted(request.headers['accept-language']) ?? configured
  reply.header('content-language', language).header('vary', 'accept-language')
  return catalogueOf(language)
}

/** Longer than this, a header is no longer about a person's languages. */
const MOST_RANGES = 20

/** The known language that `Accept-Language` (RFC 9110, 12.5.4) wants most; null when it names none. */
export function firstAccepted(header: string | undefined): Language | null {
  const ranges = (header ?? '')
    .split(',', MOST_RANGES)
    .map((range) => {
      const [tag, ...parameters] = range.trim().toLowerCase().split(';')
      const quality = parameters
        .map((one) => /^\s*q=(\d(?:\.\d{1,3})?)\s*$/.exec(one)?.[1])
        .find((q) => q !== undefined)
      return { tag: tag.trim().split('-')[0], quality: Number(quality ?? 1) }
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
  for (const { tag } of ranges) {
    const known = LANGUAGES.find((language) => language === tag)
    if (known !== undefined) return known
  }
  return null
}
