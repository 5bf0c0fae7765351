"""Takes orders, bakes and bills them. Looks fine, and nearly every file fails once it is used."""
