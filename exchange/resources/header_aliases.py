"""Headers of other programs' files: Google, Outlook, Shopify, WooCommerce, mail programs, in several languages.

In small letters without spaces and signs, as `exchange.checking.column_mapping.plain` makes them.
"""

NAME = ("fullname", "customer", "customername", "displayname", "contactname", "піб", "фио")
FIRST_NAME = (
    "firstname", "givenname", "forename", "first", "billingfirstname", "vorname", "prénom", "prenom", "imię", "imie",
    "jméno", "meno", "keresztnév", "prenume", "ім'я", "імя", "имя",
)  # fmt: skip
MIDDLE_NAME = (
    "middlename", "additionalname", "middle", "weiterevornamen", "deuxièmeprénom", "segundonombre", "побатькові",
    "отчество",
)  # fmt: skip
LAST_NAME = (
    "lastname", "familyname", "surname", "last", "billinglastname", "nachname", "nomdefamille", "apellidos", "apellido",
    "cognome", "nazwisko", "příjmení", "priezvisko", "vezetéknév", "soyad", "sobrenome", "achternaam", "efternamn",
    "прізвище", "фамилия",
)  # fmt: skip
EMAIL = (
    "emailaddress", "mail", "email1value", "primaryemail", "billingemail", "useremail", "emailadresse", "adressemail",
    "adressedemessagerie", "direccióndecorreoelectrónico", "correo", "correoelectrónico", "indirizzoemail",
    "adresemail", "adrese-mail", "пошта", "електроннапошта", "електроннаадреса", "почта", "электроннаяпочта",
    "адресэлпочты", "адресаелпошти",
)  # fmt: skip
EMAIL_2 = ("email2value", "email2address", "secondaryemail", "email2", "emailadresse2", "shippingemail")
EMAIL_3 = ("email3value", "email3address", "email3", "emailadresse3")
PHONE = (
    "telephone", "phonenumber", "mobile", "mobilephone", "phone1value", "billingphone", "mobiltelefon", "telefon",
    "telefonnummer", "téléphone", "téléphonemobile", "teléfono", "teléfonomóvil", "telefono", "телефон", "мобільний",
    "мобільнийтелефон", "мобильный", "телефонпереносной",
)  # fmt: skip
PHONE_2 = (
    "phone2value", "primaryphone", "businessphone", "workphone", "defaultaddressphone", "telefongeschäftlich",
    "shippingphone",
)  # fmt: skip
PHONE_3 = ("phone3value", "homephone", "telefonprivat", "otherphone")
COMPANY = (
    "companyname", "organisation", "organization", "organizationname", "organization1name", "billingcompany",
    "defaultaddresscompany", "accountname", "firma", "société", "societe", "empresa", "azienda", "компанія",
    "організація", "компания", "организация",
)  # fmt: skip
ADDRESS = ("address1formatted", "postaladdress", "fulladdress", "адреса", "адрес")
STREET = (
    "street", "address1street", "homestreet", "businessstreet", "mailingstreet", "billingaddress1",
    "defaultaddressaddress1", "address1", "straße", "strasse", "rue", "calle", "ulica", "вулиця", "улица",
)  # fmt: skip
STREET_2 = (
    "address1extendedaddress",
    "billingaddress2",
    "defaultaddressaddress2",
    "address2",
    "homestreet2",
    "businessstreet2",
)
CITY = (
    "city", "town", "address1city", "homecity", "businesscity", "mailingcity", "billingcity", "defaultaddresscity",
    "ort", "stadt", "ville", "ciudad", "città", "miasto", "місто", "город",
)  # fmt: skip
REGION = (
    "region", "province", "address1region", "homestate", "businessstate", "mailingstate", "billingstate",
    "defaultaddressprovince", "defaultaddressprovincecode", "область",
)  # fmt: skip
POSTAL_CODE = (
    "postalcode", "postcode", "zip", "zipcode", "address1postalcode", "homepostalcode", "businesspostalcode",
    "mailingpostalcode", "billingpostcode", "defaultaddresszip", "plz", "codepostal", "códigopostal",
    "kodpocztowy", "psč", "індекс", "поштовийіндекс", "индекс",
)  # fmt: skip
TAX_NUMBER = (
    "taxid", "taxno", "vatnumber", "vatid", "vatno", "vatregistrationnumber", "taxregistrationnumber",
    "billingvat", "ustid", "ustidnr", "ustidnummer", "umsatzsteueridentifikationsnummer", "tva", "numérotva",
    "numérodetva", "nif", "partitaiva", "nip", "dič", "ičdph", "btw", "btwnummer", "ipn", "єдрпоу", "іпн",
    "кодєдрпоу", "номерплатникапдв", "инн",
)  # fmt: skip
COUNTRY = ("countrycode", "isocountry", "countryregion", "billingcountry", "defaultaddresscountrycode", "країна")
COUNTRY_NAME = (
    "address1country",
    "homecountryregion",
    "businesscountryregion",
    "mailingcountry",
    "defaultaddresscountry",
)
# "Name" and the like beside another header are only a part of the name: header beside it → which part.
NAME_BESIDE = (
    (("vorname",), ("name",), "last_name"),
    (("prénom", "prenom"), ("nom", "name"), "last_name"),
    (("apellidos", "apellido"), ("nombre", "name"), "first_name"),
    (("cognome",), ("nome", "name"), "first_name"),
    (("surname", "familyname", "lastname"), ("name", "forename"), "first_name"),
    (("прізвище", "фамилия"), ("імя", "ім'я", "имя"), "first_name"),
    (("sobrenome", "apelido"), ("nome",), "first_name"),
    (("achternaam",), ("naam", "voornaam"), "first_name"),
)  # fmt: skip
