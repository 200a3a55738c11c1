"""Made-up people and companies. Domains and phone numbers are of the ranges reserved for fiction."""

# One customer each, in this order; the first ones have logins.
CUSTOMERS = (
    "Bea Yilmaz", "Tomás Ferreira", "Ingrid Solberg", "Kwame Asante", "Léa Marchand", "Daniel Okoye",
    "Hana Novák", "Oliver Whitcombe", "Sofía Reyes", "Mikkel Thorsen", "Aiko Tanabe", "Ruth Goldberg",
    "Piotr Zieliński", "Chiara Benedetti", "Samuel Adeyemi", "Elif Demir", "Jonas Bergqvist", "Nadia Haddad",
    "Patrick O'Rourke", "Mei-Ling Chou", "Anton Weiss", "Camille Rousseau", "Diego Fuentes", "Freya Lindholm",
    "George Papadakis", "Helena Vasić", "Ibrahim Sesay", "Julia Steinbach", "Karim Benali", "Lucia Moretti",
    "Marek Dvořák", "Nora Kelly", "Oskar Nieminen", "Paula Duarte", "Quentin Lefèvre", "Rania Mansour",
    "Stefan Brandt", "Tuva Aasen", "Umar Siddiqui", "Valentina Russo", "William Marsh", "Ximena Castro",
    "Yusuf Kaya", "Zofia Wrona", "Adele Fontaine", "Bruno Almeida", "Clara Hoffmann", "David Mensah",
    "Emilia Kowalska", "Felix Gruber", "Grace Wanjiru", "Hugo Santos", "Isla MacLeod", "Jakub Horák",
    "Klara Johansson", "Liam Doherty", "Maya Krishnan", "Nils Petersen", "Olga Sorokina", "Petra Zupan",
    "Rafael Ortega", "Simone Keller", "Theo Andersen", "Ursula Baumann", "Viktor Ilves", "Wanda Szymańska",
    "Yara Costa", "Åsa Nyström", "Eamon Byrne", "Fatou Diallo", "Gabriel Laurent", "Hiroshi Maeda",
)  # fmt: skip

# Name, place. Every third customer or so belongs to one.
COMPANIES = (
    ("Brightwater Architects", "14 Canal Row, Bristol"), ("Café Lumen", "3 rue des Tanneurs, Nantes"),
    ("Fjordline Studio", "Strandgaten 88, Bergen"), ("Granite & Oak Joinery", "Unit 6, Mill Lane, Leeds"),
    ("Harbour Street Hotel", "1 Harbour Street, Cork"), ("Kite School of Design", "Ahornweg 21, Graz"),
    ("Lindqvist Legal", "Östra Hamngatan 9, Gothenburg"), ("Meadow & Finch", "52 Orchard Road, Norwich"),
    ("Novák Print Works", "Dlouhá 17, Brno"), ("Paper Lantern Books", "Rua das Flores 40, Porto"),
    ("Roastery No. 9", "Speicherstraße 9, Bremen"), ("Sunday Bakery Group", "77 Mercer Street, Dublin"),
    ("Tallinn Makers Lab", "Telliskivi 60, Tallinn"), ("Verde Coworking", "Calle del Olmo 12, Valencia"),
)  # fmt: skip

# Name, company, source: those who may become customers.
LEADS = (
    ("Amara Nwosu", "Nwosu Interiors", "website"), ("Bastian Kroll", "Kroll & Partner", "event"),
    ("Cecilia Ruiz", "Hotel Miramar", "referral"), ("Dmitri Volkov", "", "website"),
    ("Esther Levy", "Levy Dental", "phone"), ("Finn Gallagher", "Gallagher Brewing", "event"),
    ("Greta Sund", "Sund Yoga", "website"), ("Hassan Farah", "Farah Logistics", "email"),
    ("Irina Popescu", "Atelier Popescu", "referral"), ("Jesper Holm", "Holm Optik", "website"),
    ("Kiran Patel", "Patel Pharmacy", "phone"), ("Lars Moen", "", "email"),
    ("Monique Dubois", "Maison Dubois", "event"), ("Nikhil Rao", "Rao Analytics", "website"),
    ("Orla Brennan", "Brennan Vets", "referral"), ("Paolo Conti", "Conti Gelato", "event"),
    ("Renske de Vries", "De Vries Tuinen", "website"), ("Sanna Korhonen", "Korhonen Oy", "other"),
    ("Tariq Aziz", "", "website"), ("Una Petrović", "Studio Una", "referral"),
    ("Vera Schulz", "Schulz Keramik", "email"), ("Walter Egger", "Egger Alpin", "phone"),
    ("Yvonne Chan", "Chan Tea Rooms", "event"), ("Zeynep Arslan", "Arslan Tekstil", "website"),
)  # fmt: skip

TAGS = ("VIP", "Wholesale", "Newsletter", "Pays on invoice", "Local pickup", "Press")
