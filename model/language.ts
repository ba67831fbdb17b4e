/** Languages in which alerts are explained, as BCP 47 tags. */
export const LANGUAGES = ['en', 'nl', 'ru'] as const
export type Language = (typeof LANGUAGES)[number]

export const DEFAULT_LANGUAGE: Language = 'en'
