import { describe, expect, it } from 'vitest'
import { DETECTORS } from '../../detectors/registry.ts'
import { listFiles, readText } from '../architecture/source-files.ts'

const SECTIONS = [
  'What it sees',
  'Formula',
  'Parameters',
  'Fires',
  'Stays quiet',
  'Runbook',
  'Known false alerts',
] as const

const pages = listFiles('docs/detectors')

it('there is a page per detector, and no other', () => {
  expect(pages.toSorted()).toEqual(DETECTORS.map(({ id }) => `docs/detectors/${id}.md`).toSorted())
})

describe.each(pages)('%s', (page) => {
  const text = readText(page)
  const section = (name: string) => text.split(`\n## ${name}\n`)[1]?.split('\n## ')[0] ?? ''

  it('has the sections that all have', () => {
    expect([...text.matchAll(/^## (.+)$/gm)].map(([, name]) => name)).toEqual(SECTIONS)
  })

  it('has a runbook of two or three numbered steps', () => {
    const steps = [...section('Runbook').matchAll(/^(\d)\. /gm)].map(([, step]) => step)
    expect(['12', '123']).toContain(steps.join(''))
  })

  it('names every parameter in words', () => {
    const id = page.replace(/^.*\/|\.md$/g, '')
    const words = section('Parameters').split('<!-- defaults')[0]
    const params = Object.keys(DETECTORS.find((detector) => detector.id === id)?.params.properties ?? {})
    expect(params.filter((name) => !words.includes(`\`${name}\``))).toEqual([])
  })
})
