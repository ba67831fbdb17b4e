import { describe, expect, it } from 'vitest'
import { DETECTORS } from '../../detectors/registry.ts'
import { RUNBOOKS } from '../../detectors/runbooks.ts'
import { isRuleField } from '../../model/custom-rule.ts'
import { listFiles, readText } from '../architecture/source-files.ts'

const SECTIONS = [
  'What it sees',
  'Formula',
  'Source',
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

it('names in runbooks only fields that events have, and paths of the API', () => {
  const named = Object.values(RUNBOOKS).flatMap((steps) => steps.flatMap((step) => step.match(/`[^`]+`/g) ?? []))
  const fields = named.map((name) => name.slice(1, -1)).filter((name) => /^[a-z_]+$/.test(name))
  expect(fields.length).toBeGreaterThan(0)
  expect(fields.filter((name) => !isRuleField(name))).toEqual([])
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

  it('says where its idea and its numbers come from: a listed source, or our own and what it was measured on', () => {
    const source = section('Source')
    expect(source).toMatch(/\]\(\.\.\/detection\.md#(sources|what-that-gives|risk)\)/)
    expect(source).toMatch(/#sources\)|^\nOwn: /)
  })

  it('names every parameter in words', () => {
    const id = page.replace(/^.*\/|\.md$/g, '')
    const words = section('Parameters').split('<!-- defaults')[0]
    const params = Object.keys(DETECTORS.find((detector) => detector.id === id)?.params.properties ?? {})
    expect(params.filter((name) => !words.includes(`\`${name}\``))).toEqual([])
  })
})
