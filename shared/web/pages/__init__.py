"""What every service's pages stand on: assets, sign-in, forms, words and live boards."""
