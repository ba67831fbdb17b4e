import type { Finding } from '../model/alert.ts'
import type { Catalogue } from './catalogue.ts'
import { detectorTitle } from './catalogues.ts'
import { sayFinding } from './say-finding.ts'

/** An alert in a sentence: its leading finding, and the titles of what else was seen, strongest first. */
export function sayAlert(leading: Finding, others: readonly Finding[], words: Catalogue): string {
  const sentence = capitalised(sayFinding(leading, words), words)
  if (others.length === 0) return `${sentence}.`
  return `${sentence}. ${words.sentences.also(others.map((finding) => titleOf(finding, words)))}.`
}

/** As it stands in the middle of a sentence. */
const titleOf = ({ detector, facts }: Finding, words: Catalogue): string => {
  if (facts?.kind === 'rule') return facts.title
  const title = detectorTitle(words, detector)
  return title === detector ? title : title.charAt(0).toLocaleLowerCase(words.language) + title.slice(1)
}

const capitalised = (text: string, { language }: Pick<Catalogue, 'language'>): string =>
  text.charAt(0).toLocaleUpperCase(language) + text.slice(1)
