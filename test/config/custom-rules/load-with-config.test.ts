import { expect, test } from 'vitest'
import { showConfig } from '../../../config/show-config.ts'
import { configOf, linesOf, load } from '../load.ts'

const RULE = 'title: T\nname: t\ndetection: { s: { action: view }, condition: s }\n'
const files = { 'rules/a.yml': RULE, 'rules/b.yml': `${RULE}levl: low\n` }
const glob = (pattern: string) => Object.keys(files).filter((path) => path === pattern || pattern === 'rules/*.yml')

test('the rules that the configuration names are read and linked, and not shown', () => {
  const config = configOf(load('custom_rules: [rules/a.yml]', {}, files, { glob }))
  expect(config.customRules.map(({ name, kind }) => `${name} ${kind}`)).toContain('t detection')
  expect(showConfig(config)).toContain('custom_rules:\n  - rules/a.yml\n')
  expect(showConfig(config)).not.toContain('customRules')
})

test('faults of rules come with those of the configuration, each at its place', () => {
  const lines = linesOf(load('http: { port: x }\ncustom_rules: [rules/b.yml]', {}, files, { glob }))
  expect(lines).toHaveLength(2)
  expect(lines[0]).toMatch(/^crmwatch\.yaml:1:\d+: http\.port: /)
  expect(lines[1]).toMatch(/^rules\/b\.yml:4:1: levl: found an unknown key/)
})

test('a pattern without a file is told at its setting', () => {
  expect(linesOf(load('log: { level: info }\ncustom_rules: [none.yml]', {}, files, { glob }))).toEqual([
    'crmwatch.yaml:2:15: custom_rules[0]: found "none.yml", which names no file; allowed: paths or globs of rule files',
  ])
  expect(linesOf(load(null, { CRMWATCH_CUSTOM_RULES: 'none.yml' }, files, { glob }))).toEqual([
    'CRMWATCH_CUSTOM_RULES: custom_rules[0]: found "none.yml", which names no file; allowed: paths or globs of rule files',
  ])
})

test('no rules, no reading', () => {
  const refuse = () => {
    throw new Error('nothing is to be looked for')
  }
  expect(configOf(load(null, {}, {}, { glob: refuse })).customRules).toEqual([])
})
