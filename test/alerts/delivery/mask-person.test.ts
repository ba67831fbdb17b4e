import { describe, expect, it } from 'vitest'
import { createPersonMask } from '../../../alerts/delivery/mask-person.ts'
import { pseudonymOf } from '../../../alerts/delivery/pseudonym.ts'
import { translateAlert } from '../../../alerts/translate-alert.ts'
import { catalogueOf } from '../../../messages/catalogues.ts'
import type { Alert } from '../../../model/alert.ts'
import type { PersonMode } from '../../../model/delivery.ts'
import { sampleAlert, sampleFinding } from '../../store/sample-alert.ts'
import { staffRecord } from '../../support/test-core.ts'

const { portfolio_size: _, ...staff } = staffRecord('u-17', {
  name: 'Anna Example',
  email: 'anna@example.com',
  manager_uid: 'u-1',
  team: 'Centre',
})
const alert = sampleAlert({
  staff,
  summary: 'Rule "Nights": 12 events of u-17, also seen as anna@example.com; u-170 and xu-17 are others.',
  findings: [sampleFinding({ sentence: 'Anna Example, u-17' })],
})

const words = catalogueOf('en')

/** What a channel of the mode is told of the alert. */
const maskedBy = (mode: PersonMode, key: string | null, told: Alert = alert): Alert =>
  createPersonMask(mode, key, words)({ alert: told, before: null }).alert

describe('people', () => {
  it('are told by name when asked to', () => {
    expect(maskedBy('name', null)).toBe(alert)
  })

  it('are told by their id alone, in sentences and labels too', () => {
    const masked = maskedBy('uid', null, { ...alert, labels: ['ask ANNA Example'], assignee: 'anna@example.com' })
    expect(masked).toMatchObject({
      alert_uid: 'alert-1',
      actor_uid: 'u-17',
      staff: { actor_uid: 'u-17', name: null, email: null, team: 'Centre', manager_uid: 'u-1' },
      summary: 'Rule "Nights": 12 events of u-17, also seen as u-17; u-170 and xu-17 are others.',
      labels: ['ask u-17'],
      assignee: 'u-17',
    })
    expect(JSON.stringify(masked)).not.toMatch(/anna/i)
  })

  it('keep an id that holds their name whole', () => {
    const uid = 'Anna Example (17)'
    const given = sampleAlert({ actor_uid: uid, staff: { ...staff, actor_uid: uid }, summary: `${uid}, Anna Example` })
    expect(maskedBy('uid', null, given)).toMatchObject({ actor_uid: uid, summary: `${uid}, ${uid}` })
  })

  it('are hidden whole where their id is part of their address, and in capitals', () => {
    const person = { ...staff, actor_uid: 'anna', name: 'Anna Berg', email: 'anna@firm.example' }
    const summary = 'anna@firm.example, ANNA BERG, Anna@Firm.example and anna; Annabel, anna2 and Anna are others.'
    const given = sampleAlert({ actor_uid: 'anna', staff: person, summary, findings: [] })
    const masked = maskedBy('pseudonym', 'a key', given)
    const p = pseudonymOf('default', 'anna', 'a key')
    expect(masked.summary).toBe(`${p}, ${p}, ${p} and ${p}; Annabel, anna2 and Anna are others.`)
  })

  it('are told by a pseudonym, everywhere in the alert', () => {
    const masked = maskedBy('pseudonym', 'a key')
    const pseudonym = pseudonymOf('default', 'u-17', 'a key')
    expect(pseudonym).toMatch(/^p-[a-z2-9]{12}$/)
    expect(masked).toMatchObject({
      actor_uid: pseudonym,
      staff: { actor_uid: pseudonym, name: null, email: null, manager_uid: null },
      summary: `Rule "Nights": 12 events of ${pseudonym}, also seen as ${pseudonym}; u-170 and xu-17 are others.`,
    })
    expect(JSON.stringify(masked)).not.toMatch(/Anna|anna@|"u-17"|"u-1"/)
  })

  it('keep their pseudonym with the key, and have another with another key or in another tenant', () => {
    const one = pseudonymOf('default', 'u-17', 'a key')
    expect(pseudonymOf('default', 'u-17', 'a key')).toBe(one)
    expect(new Set([one, pseudonymOf('default', 'u-17', 'b'), pseudonymOf('acme', 'u-17', 'a key')]).size).toBe(3)
  })
})

describe('what a rule of the operator’s groups by', () => {
  const grouped = (name: string, text: string | null): Alert => {
    const group = [{ name, text }]
    const condition = [{ op: 'gte' as const, value: 10 }]
    const rule = { kind: 'rule' as const, title: 'Nights', type: 'event_count' as const, rules: 1, fields: [] }
    const finding = sampleFinding({
      detector: 'custom:nights',
      facts: { ...rule, timespan_ms: 3_600_000, condition, group },
    })
    const found = { detector: 'custom:nights', detectors: ['custom:nights'], findings: [finding] }
    return translateAlert(sampleAlert({ ...found, staff }), words)
  }
  const p = (uid: string) => pseudonymOf('default', uid, 'a key')

  it.each([
    ['actor_name', 'Vera Morvik', '***', '***'],
    ['query_text', 'name = "Vera Morvik"', '***', '***'],
    ['actor_uid', 'u-4711', 'u-4711', p('u-4711')],
    ['on_behalf_of_uid', 'u-4711', 'u-4711', p('u-4711')],
    ['owner_uids', 'u-17', 'u-17', p('u-17')],
    ['recipient_uids', 'Anna@example.com', 'u-17', p('Anna@example.com')],
    ['event_uid', 'c.AiO1_E3vPJ22qfUDf9R5QH', 'c.AiO1_E3vPJ22qfUDf9R5QH', p('c.AiO1_E3vPJ22qfUDf9R5QH')],
    ['logical_op_uid', 'query:1', 'query:1', p('query:1')],
    ['src_ip', '192.0.2.7', '192.0.2.7', '192.0.2.7'],
    ['user_agent', 'Anna Example’s laptop', 'u-17’s laptop', `${p('u-17')}’s laptop`],
    ['an alias', 'Vera Morvik', '***', p('Vera Morvik')],
    ['an alias', 'u-17', 'u-17', p('u-17')],
    ['constructor', 'Vera Morvik', '***', p('Vera Morvik')],
  ])('is told of %s, %s, without a name', (name, text, byUid, byPseudonym) => {
    for (const [masked, wanted] of [
      [maskedBy('uid', null, grouped(name, text)), byUid],
      [maskedBy('pseudonym', 'a key', grouped(name, text)), byPseudonym],
    ] as const) {
      const [{ facts, sentence }] = masked.findings
      expect(facts).toMatchObject({ group: [{ name, text: wanted }] })
      for (const said of [sentence, masked.summary]) {
        expect(said).toContain(`, ${name} ${wanted}`)
        if (wanted !== text) expect(said).not.toContain(text)
      }
    }
  })

  it('stays unknown where it is', () => {
    expect(maskedBy('pseudonym', 'a key', grouped('actor_name', null)).summary).toContain('actor_name (not known)')
  })
})
