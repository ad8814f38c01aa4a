"""The one table of identifier schemes: every number a client may be known by.

A scheme's key starts with the ISO code of its country, except for the
international ones. To add a scheme, add a line to the table and a valid and an
invalid number to the tests.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from odoo.tools.translate import LazyGettext, LazyTranslate

from . import identifier_checks as own

_lt = LazyTranslate(__name__)

# "vat" is the number that `res.partner.vat` holds for a company of the country.
CATEGORIES = ("vat", "register", "tax", "other")


@dataclass(frozen=True)
class Scheme:
    """A kind of number, and how it is read, checked and printed.

    ``stdnum`` names the module of python-stdnum that knows the number, ``tables``
    the number tables it reads; ``pattern`` must match the whole stored form;
    ``reader`` and ``check`` are rules of :mod:`.identifier_checks`. ``prefix``
    begins the stored form whether it was typed or not; ``aliases`` are other
    prefixes that may be typed, with what is stored for them. ``extra`` lists
    characters allowed beside ASCII letters and digits; ``free`` allows all.
    ``mask`` is the printed form (X stands for one character of the number, and an
    empty mask for the stored form); without one python-stdnum prints it.
    """

    key: str
    country: str | None
    label: LazyGettext = field(compare=False)  # it has no hash
    category: str
    stdnum: str | None = None
    pattern: str | None = None
    prefix: str = ""
    usual: bool = False
    mask: str | None = None
    aliases: tuple[tuple[str, str], ...] = ()
    extra: str = ""
    free: bool = False
    lowercase: bool = False
    tables: tuple[str, ...] = ()
    reader: Callable[[str], str] | None = None
    check: Callable[[str], None] | None = None


# Printed forms, where python-stdnum has none or not the customary one.
_MASKS = {
    "BE_VAT": "XX XXXX.XXX.XXX",
    "BE_EN": "XXXX.XXX.XXX",
    "DE_STNR": "XX/XXX/XXXXX",
    "FR_SIREN": "XXX XXX XXX",
    "NL_RSIN": "",
    "HU_TAX": "XXXXXXXX-X-XX",
    "HU_REG": "XX-XX-XXXXXX",
    "GB_VAT": "XX XXX XXXX XX",
    "CA_GST": "XXXXXXXXX XX XXXX",
    "CA_QST": "XXXXXXXXXX XX XXXX",
    "MX_RFC": "",
    "BR_CNPJ": "XX.XXX.XXX/XXXX-XX",
    "JP_CN": "",
    "HK_BR": "XXXXXXXX-XXX-XX-XX-X",
    "ZA_CIPC": "XXXX/XXXXXX/XX",
    "DUNS": "XX-XXX-XXXX",
}


def _national(
    category: str, key: str, label: LazyGettext, *rule: str, **more: Any
) -> Scheme:
    """A scheme of one country, which its key tells."""
    more["mask"] = _MASKS.get(key)
    return Scheme(key, key[:2], label, category, *rule, **more)


def _eu(country: str, stdnum: str, prefix: str = "", **more: Any) -> Scheme:
    """A European VAT number, stored with its prefix."""
    more = {"prefix": prefix or country, "usual": True, **more}
    return _vat(f"{country}_VAT", VAT, stdnum, **more)


def _world(
    key: str, label: LazyGettext, category: str, *rule: str, **more: Any
) -> Scheme:
    """A scheme without country."""
    return Scheme(key, None, label, category, *rule, mask=_MASKS.get(key), **more)


_vat = partial(_national, "vat")
_register = partial(_national, "register")
_tax = partial(_national, "tax")

VAT = _lt("VAT Number")
GST = _lt("GST Number")
TAX = _lt("Tax Number")
COMPANY = _lt("Registration Number")
COMMERCIAL = _lt("Commercial Register")
ORGANISATION = _lt("Organisation Number")
BUSINESS = _lt("Business Registration Number")
INVOICE = _lt("Invoice Registration Number")
USCC = _lt("Unified Social Credit Code")

_CIN = r"[LU][0-9]{5}[A-Z]{2}(?:18|19|20)[0-9]{2}[A-Z]{3}[0-9]{6}"
_CNPJ = r"[0-9A-Z]{12}[0-9]{2}"
_COMPANIES_HOUSE = (
    r"[0-9]{8}|R0[0-9]{6}|(?:IP|SP|RS)[0-9A-Z]{6}|SL[0-9]{5}[0-9A]|"
    r"(?:AC|CE|CS|FC|FE|GE|GN|GS|IC|LP|NA|NC|NF|NI|NL|NO|NP|NR|NV|NZ|OC|OE|PC|RC|SA|"
    r"SC|SE|SF|SG|SI|SL|SO|SR|SZ|ZC)[0-9]{6}"
)
_CYPRIOT = r"(?:AE|BN|C|EE|HE|P|S)?[0-9]{1,6}"
_DIGITS_8 = r"[0-9]{8}"
_EIK = r"[0-9]{9}(?:[0-9]{4})?"
_EORI = (
    r"(?:AT|BE|BG|CY|CZ|DE|DK|EE|ES|FI|FR|GB|GR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|"
    r"SE|SI|SK|XI)[0-9A-Z]{1,15}"
)
_GSTIN = r"(?:0[1-9]|[12][0-9]|3[0-8]|9[79])[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]Z[0-9A-Z]"
_HK_BR = r"[0-9]{8}(?:[0-9]{8})?|[A-Z][0-9]{7}"
_HU_TAX = r"[0-9]{8}[1-5][0-9]{2}"
_JP_INVOICE = r"T[1-9][0-9]{12}"
_RFC = r"[A-Z&Ñ]{3,4}[0-9]{6}[0-9A-Z]{3}"
_SG_GST = (
    r"[0-9]{8}[A-Z]|[0-9]{9}[0-9A-Z]|[RST][0-9]{2}[A-Z]{2}[0-9]{4}[A-Z]|"
    r"M[0-9A-Z][0-9]{7}[0-9A-Z]?"
)
_UIN = r"[0-9]{4}[A-Z]{3}[0-9]{5}[A-Z]{2}[0-9A-Z]"
_USCC_FORM = r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}"

_TABLE = (
    # European Union
    _eu("AT", "at.uid"),
    _register("AT_FN", _lt("FN"), "at.businessid", r"[0-9]{1,6}[a-z]", lowercase=True),
    _tax("AT_TIN", TAX, "at.tin", tables=("at/fa",)),
    _eu("BE", "be.vat"),
    _register("BE_EN", _lt("Enterprise Number"), "be.vat", usual=True),
    _eu("BG", "bg.vat"),
    _register("BG_EIK", _lt("EIK"), pattern=_EIK, check=own.bg_eik, usual=True),
    _eu("CY", "cy.vat"),
    _register("CY_HE", COMPANY, pattern=_CYPRIOT, extra=own.GREEK, reader=own.read_cy),
    _eu("CZ", "cz.dic"),
    _register("CZ_ICO", _lt("IČO"), pattern=_DIGITS_8, check=own.cz_ico, usual=True),
    _eu("DE", "de.vat"),
    _register("DE_HR", COMMERCIAL, free=True, reader=own.read_de),
    _tax("DE_STNR", TAX, "de.stnr"),
    _eu("DK", "dk.cvr"),
    _register("DK_CVR", _lt("CVR"), "dk.cvr", usual=True),
    _eu("EE", "ee.kmkr"),
    _register("EE_REG", COMPANY, "ee.registrikood"),
    _eu("ES", "es.nif"),
    _tax("ES_NIF", _lt("NIF"), "es.nif", usual=True),
    _register("ES_RM", COMMERCIAL, pattern=r"[A-Z]{1,2}[0-9]{1,7}"),
    _eu("FI", "fi.alv"),
    _register("FI_YT", _lt("Business ID"), "fi.ytunnus", usual=True),
    _eu("FR", "fr.tva"),
    _register("FR_SIREN", _lt("SIREN"), "fr.siren", usual=True),
    _register("FR_SIRET", _lt("SIRET"), "fr.siret", usual=True),
    _eu("GR", "gr.vat", "EL", aliases=(("GR", "EL"),)),
    _register("GR_GEMI", _lt("GEMI"), pattern=r"[0-9]{12}"),
    _eu("HR", "hr.oib"),
    _tax("HR_OIB", _lt("OIB"), "hr.oib", usual=True),
    _register("HR_MBS", _lt("MBS"), pattern=r"[0-9]{9}"),
    _eu("HU", "hu.anum"),
    _tax("HU_TAX", TAX, pattern=_HU_TAX, check=own.hu_tax, usual=True),
    _register("HU_REG", COMPANY, pattern=r"(?:0[1-9]|1[0-9]|20)[0-9]{8}"),
    _eu("IE", "ie.vat", extra="+*"),
    _register("IE_CRO", _lt("CRO"), pattern=r"[0-9]{1,6}"),
    _eu("IT", "it.iva"),
    _tax("IT_CF", _lt("Codice Fiscale"), "it.codicefiscale", usual=True),
    _register("IT_REA", _lt("REA"), pattern=r"[A-Z]{2}[0-9]{1,7}"),
    _eu("LT", "lt.pvm"),
    _register("LT_REG", COMPANY, pattern=r"[0-9]{9}", usual=True),
    _eu("LU", "lu.tva"),
    _register("LU_RCS", _lt("RCS"), pattern=r"[A-Z][0-9]{1,7}", usual=True),
    _eu("LV", "lv.pvn"),
    _register("LV_REG", COMPANY, "lv.pvn", r"[4-9][0-9]{10}", usual=True),
    _eu("MT", "mt.vat"),
    _register("MT_REG", COMPANY, pattern=r"(?:C|OC|P)[0-9]{1,6}"),
    _eu("NL", "nl.btw"),
    _register("NL_KVK", _lt("KvK"), pattern=_DIGITS_8, usual=True),
    _tax("NL_RSIN", _lt("RSIN"), "nl.bsn"),
    _eu("PL", "pl.nip"),
    _tax("PL_NIP", _lt("NIP"), "pl.nip", usual=True),
    _register("PL_KRS", _lt("KRS"), pattern=r"[0-9]{10}"),
    _register("PL_REGON", _lt("REGON"), "pl.regon"),
    _eu("PT", "pt.nif"),
    _register("PT_NIPC", _lt("NIPC"), "pt.nif", r"[5-9][0-9]{8}"),
    _eu("RO", "ro.cf"),
    _tax("RO_CUI", _lt("CUI"), "ro.cui", usual=True),
    _register("RO_ONRC", COMMERCIAL, free=True, reader=own.read_ro, usual=True),
    _eu("SE", "se.vat"),
    _register("SE_ORGNR", ORGANISATION, "se.orgnr", usual=True),
    _eu("SI", "si.ddv"),
    _register("SI_REG", COMPANY, "si.maticna"),
    _eu("SK", "sk.dph"),
    _register("SK_ICO", _lt("IČO"), pattern=_DIGITS_8, check=own.cz_ico, usual=True),
    _tax("SK_DIC", _lt("DIČ"), "sk.dph", usual=True),
    # Rest of Europe
    _eu("GB", "gb.vat", aliases=(("XI", "XI"),)),
    _register("GB_CRN", _lt("Company Number"), pattern=_COMPANIES_HOUSE, usual=True),
    _tax("GB_UTR", _lt("UTR"), "gb.utr"),
    _eu("CH", "ch.vat", "CHE"),
    _register("CH_UID", _lt("UID"), "ch.uid", prefix="CHE", usual=True),
    _eu("NO", "no.mva", reader=own.read_no),
    _register("NO_ORGNR", ORGANISATION, "no.orgnr", usual=True),
    _vat("TR_VKN", _lt("VKN"), "tr.vkn", usual=True),
    _vat("TR_TCKN", _lt("TCKN"), "tr.tckimlik"),
    # Americas
    _tax("US_EIN", _lt("EIN"), "us.ein", tables=("us/ein",), usual=True),
    _vat("CA_GST", _lt("GST/HST Number"), "ca.bn", r"[0-9]{9}RT[0-9]{4}"),
    _register("CA_BN", _lt("BN"), "ca.bn", r"[0-9]{9}", usual=True),
    _tax("CA_QST", _lt("QST Number"), pattern=r"[0-9]{10}TQ[0-9]{4}"),
    _vat("MX_RFC", _lt("RFC"), "mx.rfc", _RFC, extra="&Ñ", usual=True),
    _vat("BR_CNPJ", _lt("CNPJ"), pattern=_CNPJ, check=own.br_cnpj, usual=True),
    _vat("BR_CPF", _lt("CPF"), "br.cpf", r"(?!([0-9])\1{10})[0-9]{11}"),
    _tax("BR_IE", _lt("IE"), pattern=r"P?[0-9]{8,14}|ISENTO"),
    _vat("AR_CUIT", _lt("CUIT"), "ar.cuit", usual=True),
    _vat("CL_RUT", _lt("RUT"), "cl.rut", usual=True),
    # Asia and the Middle East
    _vat("AE_TRN", _lt("TRN"), pattern=r"10[0-9]{13}", usual=True),
    _vat("SA_VAT", VAT, pattern=r"3[0-9]{13}3", usual=True),
    _register("SA_CR", _lt("CR Number"), pattern=r"[0-9]{10}", usual=True),
    _vat("IN_GSTIN", _lt("GSTIN"), pattern=_GSTIN, check=own.in_gstin, usual=True),
    _tax("IN_UIN", _lt("UIN"), pattern=_UIN),
    _tax("IN_PAN", _lt("PAN"), "in_.pan"),
    _tax("IN_TAN", _lt("TAN"), pattern=r"[A-Z]{4}[0-9]{5}[A-Z]"),
    _register("IN_CIN", _lt("CIN"), pattern=_CIN),
    _vat("CN_USCC", USCC, pattern=_USCC_FORM, check=own.cn_uscc, usual=True),
    _vat("JP_INVOICE", INVOICE, pattern=_JP_INVOICE, prefix="T", usual=True),
    _register("JP_CN", _lt("Corporate Number"), "jp.cn", usual=True),
    _vat("KR_BRN", BUSINESS, "kr.brn", usual=True),
    _vat("TW_UBN", _lt("UBN"), pattern=_DIGITS_8, check=own.tw_ubn, usual=True),
    _register("HK_BR", BUSINESS, pattern=_HK_BR, usual=True),
    _register("HK_CR", _lt("CR Number"), pattern=r"[A-Z]?[0-9]{4,7}"),
    _vat("SG_GST", GST, pattern=_SG_GST, usual=True),
    _register("SG_UEN", _lt("UEN"), "sg.uen", usual=True),
    # Africa and the Pacific
    _vat("ZA_VAT", VAT, pattern=r"4[0-9]{9}", usual=True),
    _tax("ZA_TIN", TAX, "za.tin"),
    _register("ZA_CIPC", COMPANY, pattern=r"(?:18|19|20)[0-9]{10}"),
    _vat("AU_ABN", _lt("ABN"), "au.abn", usual=True),
    _register("AU_ACN", _lt("ACN"), "au.acn"),
    _vat("NZ_GST", GST, "nz.ird", usual=True),
    _register("NZ_NZBN", _lt("NZBN"), "ean", r"94[0-9]{11}", usual=True),
    # International
    _world("EORI", _lt("EORI"), "tax", pattern=_EORI),
    _world("EAN_GLN", _lt("GLN"), "other", "ean", r"[0-9]{13}"),
    _world("LEI", _lt("LEI"), "register", "lei", r"[0-9A-Z]{18}[0-9]{2}"),
    _world("DUNS", _lt("D-U-N-S"), "other", pattern=r"[0-9]{9}"),
    _world("OTHER", _lt("Other"), "other", free=True),
)

SCHEMES: dict[str, Scheme] = {entry.key: entry for entry in _TABLE}
