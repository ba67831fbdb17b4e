import type { Catalogue } from '../catalogue.ts'

export const detectors: Catalogue['detectors'] = {
  titles: {
    'mass-view': 'Massaal bekijken van contacten',
    'mass-copy': 'Massaal kopiëren van contactgegevens',
    'mass-export': 'Massale export van records',
    'slow-harvest': 'Langzaam verzamelen over dagen en weken',
    'after-leaving': 'Toegang na de laatste werkdag',
    'copy-ratio': 'Meer kopiëren van wat wordt geopend',
    'foreign-portfolio': 'Klanten van anderen',
    'after-hours': 'Werk buiten de gebruikelijke uren',
    enumeration: 'Het klantenbestand stelselmatig doorlopen',
    'service-token': 'Account gebruikt vanaf een nieuwe plaats of anders dan altijd',
    'unworked-views': 'Contacten geopend zonder ermee te werken',
    'shared-account': 'Account gebruikt naast of zonder de eigenaar',
    canary: 'Lokcontacten aangeraakt',
    'misdirected-disclosure': 'Gegevens van veel personen verstuurd',
    'base-coverage': 'Groot deel van het klantenbestand',
    'first-export': 'Records op een nieuwe manier bereikt',
    sequence: 'Uit het CRM gehaald en daarna gewijzigd of verwijderd',
    collusion: 'Team ver boven wat zijn mensen gewoonlijk doen',
  },
  firstSteps: {
    'mass-view':
      'Bekijk de gebeurtenissen bij de melding: van wie zijn de klanten, in welke volgorde, vanaf welk adres en met welk programma, en werd er tussendoor gezocht zoals bij gewoon werk?',
    'mass-copy':
      'Bekijk de gebeurtenissen bij de melding: welke contacten, en zijn ze ook geopend en bewerkt, of alleen gekopieerd?',
    'mass-export': 'Bekijk de handeling: bestandsformaat, kolommen, ontvangers, adres en het gebruikte programma.',
    'slow-harvest':
      'Vergelijk de weken met elkaar in de opslag: welke contacten zijn nieuw, van wie zijn ze en op welke uren is ermee gewerkt?',
    'after-leaving':
      'Laat het account blokkeren en de sessies en tokens intrekken; dat is altijd juist, wat de reden ook is.',
    'copy-ratio':
      'Bekijk de gebeurtenissen bij de melding: werd er na elke kopie gebeld of geschreven, of is de ene na de andere gekopieerd?',
    'foreign-portfolio':
      'Kijk van wie de klanten zijn: van één collega die afwezig of vertrokken is, of van veel collega’s?',
    'after-hours':
      'Kijk vanaf welk adres en apparaat er is gewerkt: dat van de persoon zelf thuis, of dat van een onbekende met het wachtwoord?',
    enumeration:
      'Vraag na of iemand opdracht had om de records één voor één door te lopen: nieuwe records controleren, dubbele opruimen.',
    'service-token':
      'Zoek uit van wie het adres is: een kantoor, een cloudaanbieder, een mobiel netwerk. Is de koppeling verhuisd?',
    'unworked-views':
      'Bekijk de gebeurtenissen bij de melding: welke contacten zijn alleen bekeken, en horen ze bij één lijst, regio of collega?',
    'shared-account':
      'Vergelijk de twee adressen in de gebeurtenissen bij de melding: van wie zijn ze, en kan één persoon op beide zijn geweest?',
    canary: 'Controleer of het contact nog steeds een lokcontact is en niet als echt contact is uitgedeeld.',
    'misdirected-disclosure':
      'Zoek de ontvanger op in de gebeurtenissen bij de melding: een leverancier met contract, een klant, of iemand die niemand kent?',
    'base-coverage':
      'Kijk om welk deel van het klantenbestand het gaat: één regio, één letter van het alfabet of alles?',
    'first-export':
      'Kijk wat er nieuw is: een eerste export, de API, een ander soort object, een ander programma. Wie heeft het recht daarop gegeven, en wanneer?',
    sequence:
      'Voorkom verdere wijzigingen: neem het recht om te verwijderen af en ga na of het CRM kan herstellen wat weg is.',
    collusion:
      'Vraag de teamleider, en diens leidinggevende, of een campagne of afwezigheid de week verklaart; in de HR-gegevens kan nog een oud team staan.',
  },
  generalStep:
    'Bekijk de gebeurtenissen bij de melding: wat is geopend, gekopieerd of uit het CRM gehaald, en kent de leidinggevende een reden daarvoor?',
}
