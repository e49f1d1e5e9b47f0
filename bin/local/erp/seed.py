"""Fills a fresh Tryton database with one seller's master data, and prints the ids as JSON.

    seed.py DATABASE CONFIG_FILE CONNECTOR_PASSWORD_FILE

Works inside the server's own code through proteus, Tryton's client library, and the modules' own set-up tools, so that
every default and check of the ERP applies.
"""

import datetime as dt
import json
import os
import sys
from decimal import Decimal
from pathlib import Path

os.environ.setdefault("DB_NAME", ":memory:")  # the modules' tools read it when they are imported

from proteus import Model, config  # noqa: E402

DATABASE, CONFIG_FILE, PASSWORD_FILE = sys.argv[1:4]
config.set_trytond(DATABASE, user="admin", config_file=CONFIG_FILE)

from trytond.modules.account.tests.tools import create_chart, create_tax, get_accounts  # noqa: E402
from trytond.modules.account_invoice.tests.tools import (  # noqa: E402
    create_payment_term,
    set_fiscalyear_invoice_sequences,
)
from trytond.modules.company.tests.tools import create_company, get_company  # noqa: E402
from trytond.modules.currency.tests.tools import get_currency  # noqa: E402

# SKU: (name, list price, cost). The iPods are the articles of Shopify's own sample order.
GOODS = {
    "TSHIRT-M": ("T-shirt M", "12.34", "5.00"),
    "MUG-BLUE": ("Blue mug", "8.50", "3.00"),
    "LAMP-01": ("Desk lamp", "49.90", "20.00"),
    "IPOD2008GREEN": ("IPod Nano - 8gb - green", "199.00", "120.00"),
    "IPOD2008RED": ("IPod Nano - 8gb - red", "199.00", "120.00"),
    "IPOD2008BLACK": ("IPod Nano - 8gb - black", "199.00", "120.00"),
    "IPOD2008PINK": ("IPod Nano - 8gb - pink", "199.00", "120.00"),
    "IPOD2009BLACK": ("IPod Touch 8GB - black", "199.00", "120.00"),
}
STOCK_OF_EACH = 1000
# What settlements are posted to. Code: (name, the account of the chart whose type and place it shares)
CHANNEL_ACCOUNTS = {
    "1010": ("Channel deposits", "cash"),
    "1300": ("Channel reserves", "cash"),
    "1900": ("Channel settlements in transit", "cash"),
    "2300": ("Tax remitted by channels", "tax"),
    "6100": ("Channel fees", "expense"),
    "6110": ("Channel fulfilment fees", "expense"),
    "6200": ("Channel advertising", "expense"),
    "6300": ("Channel chargebacks", "expense"),
    "6400": ("Claims on suppliers", "expense"),
    "6900": ("Channel adjustments", "expense"),
}
COUNTRIES = {"US": "United States", "CA": "Canada", "DE": "Germany", "NL": "Netherlands", "GB": "United Kingdom"}
# What the connector's user may do: sell, ship, post. No administration of anything.
CONNECTOR_GROUPS = ["Sales", "Stock", "Account"]


def create(model, **values):
    record = Model.get(model)(**values)
    record.save()
    return record


def only(model, *domain):
    (record,) = Model.get(model).find(list(domain))
    return record


def again(record):
    """A record can be linked from one parent only: take a second handle on it for the next."""
    return type(record)(record.id)


def fiscal_year(company, year):
    sequence_type = only("ir.sequence.type", ("name", "=", "Account Move"))
    moves = create("ir.sequence", name=f"Moves {year}", sequence_type=sequence_type, company=company)
    record = Model.get("account.fiscalyear")(
        name=str(year),
        company=company,
        start_date=dt.date(year, 1, 1),
        end_date=dt.date(year, 12, 31),
        post_move_sequence=moves,
    )
    set_fiscalyear_invoice_sequences(record)
    record.save()
    record.click("create_period")
    return record


def tax_of(rate, name):
    record = create_tax(Decimal(rate))
    record.name = record.description = name
    record.save()
    return record


def collected_tax_account(company, tax_account):
    """Sales tax that the channel has collected, below the chart's own tax liability.

    A product's revenue account must be of a type marked revenue, which Tryton allows on the income statement alone; a
    type may nevertheless stand below another, so this one does below the liability type "Tax".
    """
    kind = create("account.account.type", name="Tax collected", company=company, parent=again(tax_account.type),
                  statement="income", revenue=True)
    return create("account.account", name="Tax collected by channels", company=company, type=kind,
                  parent=again(tax_account.parent))


def channel_accounts(company, accounts):
    for kind, code in (("receivable", "1100"), ("payable", "2100")):
        accounts[kind].code = code
        accounts[kind].save()
    for code, (name, like) in CHANNEL_ACCOUNTS.items():
        create("account.account", name=name, code=code, company=company, type=again(accounts[like].type),
               parent=again(accounts[like].parent))


def product_category(name, accounts, revenue, taxes=()):
    record = Model.get("product.category")(name=name, accounting=True)
    record.account_expense = accounts["expense"]
    record.account_revenue = revenue
    for tax in taxes:
        record.customer_taxes.append(again(tax))
    record.save()
    return record


def product(code, name, kind, price, cost, category, unit):
    template = Model.get("product.template")(name=name, code=code, type=kind, salable=True)
    template.default_uom = unit
    template.list_price = Decimal(price)
    template.account_category = again(category)
    template.products[0].cost_price = Decimal(cost)
    template.save()
    return template.products[0].id


def put_in_stock(location, products):
    inventory = Model.get("stock.inventory")(location=location, date=dt.date.today())
    for product_id in products:
        line = inventory.lines.new()
        line.product = Model.get("product.product")(product_id)
        line.quantity = STOCK_OF_EACH
    inventory.save()
    inventory.click("confirm")


def let_sales_process():
    """Tryton keeps the button that takes up a confirmed sale again for sales administrators; the connector needs it when
    the processing that follows a confirmation was cut off."""
    button = only("ir.model.button", ("model.model", "=", "sale.sale"), ("name", "=", "process"))
    button.groups.append(only("res.group", ("name", "=", "Sales")))
    button.save()


def connector_user(company):
    let_sales_process()
    password = Path(PASSWORD_FILE).read_text().strip()
    user = Model.get("res.user")(name="Crossdock", login="crossdock", password=password)
    for name in CONNECTOR_GROUPS:
        user.groups.append(only("res.group", ("name", "=", name)))
    user.companies.append(again(company))
    user.company = again(company)
    user.save()
    return user


def main():
    create_company(create("party.party", name="Crossdock Seller"), get_currency("USD"))
    company = get_company()
    usd = company.currency
    create_chart(company)
    # Last year's too: sample orders are older, and the database is kept until the year ends.
    this_year = dt.date.today().year
    years = [fiscal_year(company, year) for year in (this_year - 1, this_year, this_year + 1)]
    accounts = get_accounts(company)
    accounts["taxCollected"] = collected_tax_account(company, accounts["tax"])
    taxes = {"10": tax_of("0.10", "Sales tax 10 %"), "6": tax_of("0.06", "Sales tax 6 %")}

    channel_accounts(company, accounts)

    unit = only("product.uom", ("symbol", "=", "u"))
    goods = product_category("Goods", accounts, accounts["revenue"], [taxes["10"]])
    services = product_category("Services", accounts, accounts["revenue"])
    collected = product_category("Collected for others", accounts, accounts["taxCollected"])
    products = {sku: product(sku, name, "goods", price, cost, goods, unit) for sku, (name, price, cost) in GOODS.items()}
    stocked = list(products.values())
    for sku, name, category in [("SHIPPING", "Shipping", services), ("DISCOUNT", "Discount", services),
                                ("TAX-COLLECTED", "Tax collected by the channel", collected)]:
        products[sku] = product(sku, name, "service", "0.00", "0.00", category, unit)

    cash_journal = only("account.journal", ("type", "=", "cash"))
    create("account.invoice.payment.method", name="Marketplace clearing", company=company, journal=cash_journal,
           credit_account=accounts["cash"], debit_account=accounts["cash"])
    settlements = create("account.journal", name="Settlements", code="SETTLE", type="general")

    term = create_payment_term()
    term.save()
    customer = create("party.party", name="Marketplace customer", code="MKT", customer_payment_term=term)
    guest = create("party.party", name="Web shop guest")
    create("party.party", name="Tea & Textile Works", code="SUP")
    countries = {code: create("country.country", name=name, code=code).id for code, name in COUNTRIES.items()}

    locations = {code: only("stock.location", ("code", "=", code)) for code in ("WH", "STO", "CUS")}
    # No parent: outside the warehouse, so what waits in quarantine is not counted as the warehouse's stock.
    locations["QUA"] = create("stock.location", name="Quarantine", code="QUA", type="storage")
    put_in_stock(locations["STO"], stocked)

    shop = create("web.shop", name="Marketplace", company=company, currency=usd, guest_party=guest,
                  warehouses=[again(locations["WH"])])
    user = connector_user(company)

    return {
        "company": company.id,
        "currency": usd.id,
        "shop": shop.id,
        "party": customer.id,
        "address": customer.addresses[0].id,
        "guestParty": guest.id,
        "paymentTerm": term.id,
        "unit": unit.id,
        "user": user.id,
        "taxes": {rate: tax.id for rate, tax in taxes.items()},
        "products": products,
        "locations": {code: location.id for code, location in locations.items()},
        "countries": countries,
        "journals": {"settlement": settlements.id, "cash": cash_journal.id},
        "accounts": {name: account.id for name, account in accounts.items()},
        "fiscalYears": {year.name: year.id for year in years},
    }


print(json.dumps(main(), indent=1))
