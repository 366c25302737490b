"""How does a form come out of a workbook in the XLSForm layout? Everything is read or named, nothing is ignored."""
