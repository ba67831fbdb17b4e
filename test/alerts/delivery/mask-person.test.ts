import { describe, expect, it } from 'vitest'
import { createPersonMask, pseudonymOf } from '../../../alerts/delivery/mask-person.ts'
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

/** What a channel of the mode is told of the alert. */
const maskedBy = (...mask: Parameters<typeof createPersonMask>) =>
  createPersonMask(...mask)({ alert, before: null }).alert

describe('people', () => {
  it('are told by name when asked to', () => {
    expect(maskedBy('name', null)).toBe(alert)
  })

  it('are told by their id alone', () => {
    const masked = maskedBy('uid', null)
    expect(masked.actor_uid).toBe('u-17')
    expect(masked.staff).toMatchObject({ name: null, email: null, team: 'Centre' })
  })

  it('are hidden whole where their id is part of their address, and in capitals', () => {
    const person = { ...staff, actor_uid: 'anna', name: 'Anna Berg', email: 'anna@firm.example' }
    const summary = 'anna@firm.example, ANNA BERG, Anna@Firm.example and anna; Annabel, anna2 and Anna are others.'
    const given = sampleAlert({ actor_uid: 'anna', staff: person, summary, findings: [] })
    const { alert: masked } = createPersonMask('pseudonym', 'a key')({ alert: given, before: null })
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
