"""What the demo shop sells. Prices are net, in the shop's currency."""

from dataclasses import dataclass
from decimal import Decimal

# Where a product lies: keys of crm.demo.stock.LOCATIONS, the one asked first in front.
OWN = ("main",)
FLOOR = ("main", "floor")
BOTH = ("main", "hamburg")
HAMBURG = ("hamburg", "overflow")
LYON = ("lyon",)

# What sets a product's variants apart: SKU suffix, name, share of the product's price.
Options = tuple[tuple[str, str, str], ...]
ONE: Options = (("STD", "", "1"),)
BAGS: Options = (("250", "250 g", "1"), ("1000", "1 kg", "3.6"))
TINS: Options = (("80", "Tin, 80 g", "1"), ("R250", "Refill, 250 g", "2.5"))
COLOURS: Options = (("BLK", "Black", "1"), ("SND", "Sand", "1"), ("FIR", "Fir green", "1"))
WOODS: Options = (("OAK", "Oak", "1"), ("WAL", "Walnut", "1.2"))
SIZES: Options = (("S", "Small", "0.8"), ("M", "Medium", "1"), ("L", "Large", "1.3"))
CLOTHES: Options = (("S", "S", "1"), ("M", "M", "1"), ("L", "L", "1"), ("XL", "XL", "1.1"))
COVERS: Options = (("PB", "Paperback", "1"), ("HC", "Hardcover", "1.7"))
RULINGS: Options = (("DOT", "Dotted", "1"), ("LIN", "Lined", "1"), ("BLA", "Blank", "1"))
AMOUNTS: Options = (("25", "25", "1"), ("50", "50", "2"), ("100", "100", "4"))


@dataclass(frozen=True, slots=True)
class Item:
    """A product: `code` begins its SKUs, `price` is its plain variant's."""

    code: str
    name: str
    price: str
    text: str
    options: Options = ONE
    lies_at: tuple[str, ...] = OWN
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Range:
    """A category, with the share of the price that is added as tax."""

    name: str
    tax_rate: Decimal
    items: tuple[Item, ...]


STANDARD, FOOD, PRINT, NONE = Decimal("0.2"), Decimal("0.1"), Decimal("0.05"), Decimal(0)

RANGES = (
    Range("Coffee & tea", FOOD, (
        Item("CT-HAL", "Halden espresso", "9.80", "Dark, chocolate and hazelnut.", BAGS, BOTH),
        Item("CT-SOL", "Solbakken filter roast", "10.40", "Light and fruity, from Huila.", BAGS),
        Item("CT-DEC", "Quiet Night decaf", "10.90", "Washed with mountain water.", BAGS),
        Item("CT-EGR", "Earl Grey No. 4", "7.20", "Assam with cold-pressed bergamot.", TINS, FLOOR),
        Item("CT-MIN", "Garden mint", "6.40", "Whole leaves, no caffeine.", TINS),
        Item("CT-CHA", "Masala chai", "7.60", "Black tea, cardamom, ginger, clove.", TINS),
    )),
    Range("Kitchen", STANDARD, (
        Item("KI-MUG", "Ridge mug", "14.00", "Stoneware, 300 ml, dishwasher safe.", COLOURS, FLOOR),
        Item("KI-KET", "Gooseneck kettle", "64.00", "Steel, 0.9 l, for every hob.", COLOURS[:2]),
        Item("KI-GRI", "Hand grinder", "89.00", "Conical steel burrs, 40 settings.", ONE, BOTH),
        Item("KI-BOA", "Chopping board", "32.00", "End grain, oiled.", WOODS, LYON),
        Item("KI-TOW", "Linen tea towel", "11.50", "Washed linen, 50 by 70 cm.", COLOURS, LYON),
        Item("KI-JAR", "Storage jar", "12.00", "Glass with a cork lid.", SIZES),
        Item("KI-CAR", "Pour-over carafe", "28.50", "Borosilicate glass, 0.6 l.", ONE),
    )),
    Range("Stationery", STANDARD, (
        Item("ST-NOT", "Field notebook", "8.90", "A5, 160 pages, opens flat.", RULINGS, FLOOR),
        Item("ST-PLA", "Week planner", "16.50", "Undated, 54 weeks.", COLOURS[:2]),
        Item("ST-PEN", "Brass pen", "24.00", "Takes standard refills.", ONE, BOTH),
        Item("ST-REF", "Pen refills, 3 pieces", "4.20", "Blue-black gel.", ONE, BOTH),
        Item("ST-FOL", "Felt folder", "19.00", "For A4, with elastic.", COLOURS, LYON),
        Item("ST-CAR", "Letterpress cards, 8 pieces", "13.00", "With envelopes.", ONE, LYON),
        Item("ST-TAP", "Paper tape", "3.60", "Plastic-free, 25 m.", ONE, HAMBURG),
    )),
    Range("Office furniture", STANDARD, (
        Item("OF-DSK", "Stand desk", "520.00", "140 by 70 cm, electric.", WOODS, HAMBURG),
        Item("OF-CHA", "Task chair", "340.00", "Mesh back, seat depth adjusts.", COLOURS[:2], HAMBURG),
        Item("OF-STO", "Perch stool", "145.00", "Height 55 to 78 cm.", COLOURS, HAMBURG),
        Item("OF-SHE", "Ladder shelf", "210.00", "Five boards, no tools.", WOODS, HAMBURG),
        Item("OF-DRA", "Drawer cabinet", "185.00", "Three drawers, one lock.", COLOURS[:2], BOTH),
        Item("OF-PAN", "Acoustic panel", "78.00", "Felt, 60 by 60 cm.", COLOURS, HAMBURG),
    )),
    Range("Lighting", STANDARD, (
        Item("LI-DES", "Arc desk lamp", "98.00", "LED, dims to 5 %.", COLOURS[:2], BOTH),
        Item("LI-PEN", "Dome pendant", "124.00", "Spun steel, E27.", SIZES, LYON),
        Item("LI-CLI", "Clip light", "29.00", "Charges by USB-C, 12 hours.", COLOURS),
        Item("LI-BUL", "LED bulb E27", "6.80", "806 lm, 2,700 K.", ONE, HAMBURG),
        Item("LI-LAN", "Camp lantern", "42.00", "Splash-proof, 30 hours.", ONE),
    )),
    Range("Bags & textiles", STANDARD, (
        Item("BT-TOT", "Market tote", "18.00", "Organic cotton, 18 l.", COLOURS, FLOOR),
        Item("BT-BAC", "Commuter backpack", "119.00", "22 l, fits a 16-inch laptop.", COLOURS[:2], BOTH),
        Item("BT-SLE", "Laptop sleeve", "38.00", "Wool felt.", SIZES[1:], LYON),
        Item("BT-APR", "Work apron", "46.00", "Waxed canvas, cross back.", CLOTHES, LYON),
        Item("BT-TEE", "Kontor T-shirt", "22.00", "Heavy cotton.", CLOTHES),
        Item("BT-BLA", "Lambswool blanket", "96.00", "130 by 180 cm.", COLOURS[1:], LYON),
    )),
    Range("Books", PRINT, (
        Item("BO-BRE", "The Bread Ledger", "21.00", "Forty loaves, forty mornings.", COVERS, BOTH),
        Item("BO-SMA", "Small Rooms, Large Tables", "26.00", "How studios furnish.", COVERS),
        Item("BO-COF", "A Field Guide to Coffee", "18.50", "From cherry to cup.", COVERS, FLOOR),
        Item("BO-MAP", "Maps of Nowhere", "34.00", "An atlas of invented places.", COVERS[1:]),
        Item("BO-TYP", "Type on the Street", "29.00", "Signs of nine cities.", COVERS, HAMBURG),
        Item("BO-OLD", "Almanac, last year's", "12.00", "Out of print.", COVERS[:1], is_active=False),
    )),
    Range("Plants & garden", FOOD, (
        Item("PG-MON", "Monstera", "24.00", "In a 17 cm pot.", SIZES, OWN),
        Item("PG-OLI", "Olive tree", "39.00", "For bright windows and balconies.", SIZES[:2]),
        Item("PG-POT", "Clay pot", "9.50", "Unglazed, with saucer.", SIZES, HAMBURG),
        Item("PG-SEE", "Herb seed box", "15.00", "Basil, chive, parsley, thyme.", ONE, FLOOR),
        Item("PG-CAN", "Watering can", "27.00", "Long spout, 1.2 l.", COLOURS[:2], BOTH),
    )),
    Range("Gift cards", NONE, (
        Item("GC-CRD", "Gift card", "25.00", "Printed, sent by post.", AMOUNTS),
    )),
    Range("Limited editions", STANDARD, (
        Item("LE-PRI", "Harbour print, signed", "180.00", "Edition of a few.", ONE, LYON),
        Item("LE-VAS", "Kiln vase, one of six", "140.00", "Each one differs.", ONE, LYON),
    )),
)  # fmt: skip

# How many there are, once and for all: who pays too late gets the money back (crm.demo.order_plan).
LIMITED = {"LE-PRI-STD": 3, "LE-VAS-STD": 2}
# How the shop stands at the end: what is all gone, and what is nearly so.
SOLD_OUT = ("KI-MUG-SND", "ST-NOT-BLA", "LI-LAN-STD", "BO-MAP-HC", "PG-OLI-M", "BT-TEE-S")
RUNNING_LOW = (
    "CT-SOL-1000", "CT-DEC-250", "CT-MIN-80", "KI-CAR-STD", "KI-JAR-L", "ST-PLA-SND", "OF-STO-FIR",
    "LI-CLI-BLK", "BT-APR-XL", "PG-MON-L",
)  # fmt: skip
