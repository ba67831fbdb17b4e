import type { Catalogue } from '../catalogue.ts'

/** Forms are participles, which say what was done without saying who: `143 verschillende contacten geopend`. */
export const measures: Catalogue['measures'] = {
  contacts_viewed: {
    done: { one: '# contact geopend', other: '# verschillende contacten geopend' },
    risen: 'meer verschillende contacten geopend',
    name: 'geopende contacten',
  },
  contacts_copied: {
    done: {
      one: 'de gegevens van # contact gekopieerd',
      other: 'de gegevens van # verschillende contacten gekopieerd',
    },
    risen: 'de gegevens van meer contacten gekopieerd',
    name: 'gekopieerde contacten',
  },
  records_taken: {
    done: { one: '# record uit het CRM gehaald', other: '# records uit het CRM gehaald' },
    risen: 'meer records uit het CRM gehaald',
    name: 'uit het CRM gehaalde records',
  },
  records_listed: {
    done: { one: '# record in lijsten opgevraagd', other: '# records in lijsten opgevraagd' },
    risen: 'meer records in lijsten opgevraagd',
    name: 'in lijsten opgevraagde records',
  },
  unsized_exports: {
    done: {
      one: '# export gemaakt waarvan het CRM de omvang niet meldt',
      other: '# exports gemaakt waarvan het CRM de omvang niet meldt',
    },
    risen: 'meer exports van onbekende omvang gemaakt',
    name: 'exports van onbekende omvang',
  },
  contacts_foreign: {
    done: {
      one: '# contact van een collega geopend of gekopieerd',
      other: '# verschillende contacten van collega’s geopend of gekopieerd',
    },
    risen: 'meer contacten van collega’s geopend of gekopieerd',
    name: 'contacten van collega’s',
  },
  contacts_new: {
    done: {
      one: '# contact voor het eerst in vier weken geopend of gekopieerd',
      other: '# contacten voor het eerst in vier weken geopend of gekopieerd',
    },
    risen: 'meer contacten geopend of gekopieerd die nieuw waren voor deze persoon',
    name: 'contacten die nieuw zijn voor deze persoon',
  },
  contacts_off_hours: {
    done: {
      one: '# contact buiten de gebruikelijke werktijden geopend of gekopieerd',
      other: '# verschillende contacten buiten de gebruikelijke werktijden geopend of gekopieerd',
    },
    risen: 'meer contacten buiten de gebruikelijke werktijden geopend of gekopieerd',
    name: 'contacten buiten de gebruikelijke werktijden',
  },
  contacts_in_order: {
    done: {
      one: '# contact op volgorde van nummer geopend of gekopieerd',
      other: '# contacten na elkaar op volgorde van nummer geopend of gekopieerd',
    },
    risen: 'meer contacten op volgorde van nummer geopend of gekopieerd',
    name: 'contacten op volgorde van nummer',
  },
  records_new_place: {
    done: {
      one: '# record geopend, gekopieerd of uit het CRM gehaald vanaf een nog niet eerder gebruikt IP-adres',
      other: '# records geopend, gekopieerd of uit het CRM gehaald vanaf een nog niet eerder gebruikt IP-adres',
    },
    risen: 'meer records geopend, gekopieerd of uit het CRM gehaald vanaf nieuwe IP-adressen',
    name: 'records vanaf een nieuw IP-adres',
  },
  contacts_unworked: {
    done: {
      one: '# contact geopend zonder het te wijzigen of er later op terug te komen',
      other: '# verschillende contacten geopend zonder ze te wijzigen of er later op terug te komen',
    },
    risen: 'meer contacten geopend zonder ermee te werken',
    name: 'contacten geopend zonder ermee te werken',
  },
  records_elsewhere: {
    done: {
      one: '# record geopend, gekopieerd of uit het CRM gehaald vanaf een nieuw IP-adres terwijl het gebruikelijke ook in gebruik was',
      other:
        '# records geopend, gekopieerd of uit het CRM gehaald vanaf een nieuw IP-adres terwijl het gebruikelijke ook in gebruik was',
    },
    risen: 'meer records vanaf twee plaatsen tegelijk geopend, gekopieerd of uit het CRM gehaald',
    name: 'records vanaf een tweede plaats tegelijk',
  },
  contacts_planted: {
    done: {
      one: '# lokcontact geopend of gekopieerd waar niemand iets te zoeken heeft',
      other: '# lokcontacten geopend of gekopieerd waar niemand iets te zoeken heeft',
    },
    risen: 'meer lokcontacten geopend of gekopieerd',
    name: 'lokcontacten',
  },
  records_shared: {
    done: { one: '# record naar iemand verstuurd', other: '# records naar iemand verstuurd' },
    risen: 'meer records naar iemand verstuurd',
    name: 'verstuurde records',
  },
  records_new_way: {
    done: {
      one: '# record ingezien of uit het CRM gehaald op een nog niet eerder gebruikte manier',
      other: '# records ingezien of uit het CRM gehaald op een nog niet eerder gebruikte manier',
    },
    risen: 'meer records op een nieuwe manier ingezien of uit het CRM gehaald',
    name: 'records die op een nieuwe manier zijn bereikt',
  },
  records_cleared: {
    done: {
      one: '# record gewijzigd of verwijderd nadat er evenveel uit het CRM waren gehaald',
      other: '# records gewijzigd of verwijderd nadat er evenveel uit het CRM waren gehaald',
    },
    risen: 'meer records gewijzigd of verwijderd nadat ze uit het CRM waren gehaald',
    name: 'records uit het CRM gehaald en daarna gewijzigd of verwijderd',
  },
  records_on_leave: {
    done: {
      one: '# record geopend, gekopieerd of uit het CRM gehaald tijdens verlof volgens HR',
      other: '# records geopend, gekopieerd of uit het CRM gehaald tijdens verlof volgens HR',
    },
    risen: 'meer records geopend, gekopieerd of uit het CRM gehaald tijdens verlof',
    name: 'records geopend, gekopieerd of uit het CRM gehaald tijdens verlof',
  },
  contacts_even: {
    done: { one: '# contact in een vast tempo geopend', other: '# contacten in een vast tempo geopend' },
    risen: 'meer contacten in een vast tempo geopend',
    name: 'contacten in een vast tempo geopend',
  },
  portfolio_taken: {
    done: {
      one: 'zoveel records uit het CRM gehaald als # % van de eigen klanten',
      other: 'zoveel records uit het CRM gehaald als # % van de eigen klanten',
    },
    risen: 'meer records uit het CRM gehaald naar het aantal eigen klanten',
    name: 'uit het CRM gehaalde records, in % van de eigen klanten',
  },
}
