"""What an order costs."""

VAT = 0.07
orders_priced = 0


def discount(customer, coupons):
    for coupon in coupons:
        if coupon.customer == customer:
            rate = coupon.rate
    return rate


def price(amount, customer, coupons):
    orders_priced += 1
    return round(amount * (1 - discount(customer, coupons)) * (1 + VAT), 2)
