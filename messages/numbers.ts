import type { Language } from '../model/language.ts'

/** Numbers, dates and plural forms as a language writes them. */
export interface Numbers {
  /** A whole number with its thousands separated. */
  whole(value: number): string
  /** A number as an operator wrote it, with its digits. */
  exact(value: number): string
  /** 0.8 as `80%`; below one percent with a digit. */
  percent(share: number): string
  /** `2026-03-03` as `3 March`. */
  day(date: string): string
  /** The form that agrees with the number, which stands where `#` is. */
  counted(value: number, forms: Forms): string
}

/** One form per category of the language's plural rules; `other` is for those that it has no form of its own for. */
export type Forms = { readonly other: string } & Partial<Readonly<Record<Intl.LDMLPluralRule, string>>>

/** English writes its dates with the day first, as all of Europe does. */
const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', nl: 'nl-NL', ru: 'ru-RU' }

export function createNumbers(language: Language): Numbers {
  const locale = LOCALES[language]
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
  const exact = new Intl.NumberFormat(locale)
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 })
  const smallPercent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  const date = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', timeZone: 'UTC' })
  const plural = new Intl.PluralRules(locale)
  return {
    whole: (value) => whole.format(value),
    exact: (value) => exact.format(value),
    percent: (share) => (share < 0.01 ? smallPercent : percent).format(share),
    day: (text) => date.format(Date.parse(`${text}T00:00:00Z`)),
    counted(value, forms) {
      const form = forms[plural.select(Math.round(value))] ?? forms.other
      return form.replaceAll('#', () => whole.format(value))
    },
  }
}

/** A date and time of day, in the zone that is named behind it: `Tue, 24 Nov 2026, 14:05 (Europe/Berlin)`. */
export function createTimeFormat(language: Language, timeZone: string): (timeMs: number) => string {
  const format = new Intl.DateTimeFormat(LOCALES[language], {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  return (timeMs) => `${format.format(timeMs)} (${timeZone})`
}
