import { describe, expect, it } from 'vitest'
import { formatFault, loadConfig } from '../../config.ts'
import { checkDetectors } from '../../detectors/check-settings.ts'
import { readText } from '../architecture/source-files.ts'
import { blocksOf, documents } from './documents.ts'

const NAMED = '# crmwatch.yaml\n'
const examples = documents
  .flatMap(blocksOf)
  .filter(({ language, text }) => language === 'yaml' && text.startsWith(NAMED))
  .map(({ file, text }, index) => ({ name: `${file} (${index + 1})`, text }))

const faultsOf = (text: string): string[] => {
  const result = loadConfig({
    file: 'crmwatch.yaml',
    env: {
      KAFKA_PASSWORD: 'not-a-real-one',
      SLACK_URL: 'https://hooks.slack.com/services/none',
      TELEGRAM_TOKEN: '1:none',
      SIEM_SECRET: `whsec_${Buffer.alloc(32).toString('base64')}`,
      SMTP_PASSWORD: 'not-a-real-one',
      PSEUDONYM_KEY: 'not-a-real-one',
      ESPO_API_KEY: 'not-a-real-one',
      DYNAMICS_SECRET: 'not-a-real-one',
    },
    cwd: '/',
    readFile: () => text,
    checkDetectors,
  })
  return result.ok ? [] : result.faults.map(formatFault)
}

describe('configurations shown in the documents', () => {
  it('are found', () => {
    expect(examples.length).toBeGreaterThan(5)
  })

  it.each(examples)('$name is valid', ({ text }) => {
    expect(faultsOf(text)).toEqual([])
  })

  it('crmwatch.example.yaml is valid', () => {
    expect(faultsOf(readText('crmwatch.example.yaml'))).toEqual([])
  })

  it('would be seen to be wrong', () => {
    expect(faultsOf('detectors:\n  mass-vew: {}\n')).not.toEqual([])
    expect(faultsOf('detectors:\n  mass-view: { params: { floor: 3 } }\n')).not.toEqual([])
  })
})
